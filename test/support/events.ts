import type { RunEvent } from '../../src/model/event.js';

/** One event of each type, with every field that it may have: a new type without an example does not compile. */
export const everyEvent: { readonly [T in RunEvent['type']]: Extract<RunEvent, { type: T }> } = {
  'run-start': {
    type: 'run-start',
    dryRun: false,
    playbook: 'playbooks/site.ts',
    inventory: 'inventory/prod.yml',
    hosts: ['lb-01', 'web-01', 'web-02'],
  },
  'play-start': { type: 'play-start', play: 'load balancer', hosts: ['lb-01'] },
  'host-tasks': { type: 'host-tasks', host: 'lb-01', play: 'load balancer', tasks: 31 },
  'host-activity': { type: 'host-activity', host: 'lb-01', activity: 'task', task: 'package haproxy' },
  task: {
    type: 'task',
    host: 'lb-01',
    play: 'load balancer',
    task: 'template /etc/haproxy/haproxy.cfg',
    id: 'template /etc/haproxy/haproxy.cfg',
    status: 'failed',
    changes: [
      { summary: 'content', diff: { before: 'maxconn 100\n', after: 'maxcon 200\n' } },
      { summary: 'upgrade socat 1.8', packages: [{ name: 'socat', from: '1.7', to: '1.8' }, { name: 'new' }] },
    ],
    because: ['package haproxy'],
    fault: {
      message: 'the new /etc/haproxy/haproxy.cfg is refused by its own check',
      where: { file: `${process.cwd()}/playbooks/roles/haproxy.ts`, line: 41, column: 7 },
      command: 'haproxy -c -f /etc/haproxy/haproxy.cfg',
      output: "[ALERT] unknown keyword 'maxcon' in 'global' section\n[ALERT] Fatal errors found in configuration.\n",
      hint: 'correct the template; the live file is unchanged',
      stack: 'TaskError: …\n    at place',
    },
  },
  'host-unreachable': {
    type: 'host-unreachable',
    host: 'web-02',
    fault: { message: 'web-02 (10.0.0.22:22) refused the connection', hint: 'is sshd running there?' },
  },
  'host-end': { type: 'host-end', host: 'lb-01', play: 'load balancer' },
  note: { type: 'note', host: 'lb-01', text: 'rebooting' },
  'run-end': {
    type: 'run-end',
    seconds: 8.24,
    totals: {
      'lb-01': { ok: 30, changed: 1, unknown: 0, skipped: 2, failed: 0, unreachable: 0 },
      'web-01': { ok: 12, changed: 0, unknown: 0, skipped: 0, failed: 1, unreachable: 0 },
      'web-02': { ok: 0, changed: 0, unknown: 0, skipped: 0, failed: 0, unreachable: 1 },
    },
    interrupted: false,
  },
  profile: {
    type: 'profile',
    seconds: 2.5,
    program: [
      { part: 'start', seconds: 0.05 },
      { part: 'loading', seconds: 0.25 },
      { part: 'hosts', seconds: 2.2 },
    ],
    busy: 0.5,
    idle: 1.7,
    report: 0.01,
    cpu: 0.8,
    memoryBytes: 90_000_000,
    phases: [{ phase: 'key exchange', hosts: 2, min: 0.01, median: 0.02, max: 0.03 }],
    hosts: [
      {
        host: 'lb-01',
        seconds: 2,
        phases: { 'key exchange': 0.03, read: 0.5, waiting: 1.47 },
        exchanges: 3,
        channels: 1,
        bytesSent: 2414,
        bytesReceived: 3165,
      },
    ],
    slowest: { host: 'lb-01', path: [{ phase: 'key exchange', at: 0.31, seconds: 0.03 }] },
  },
};
