import type { HostTotals, RunEvent, TaskStatus } from '../../src/model/event.js';

export interface Simulation {
  readonly hosts: readonly string[];
  readonly plays: readonly { readonly name: string; readonly tasks: readonly string[] }[];
  readonly dryRun?: boolean;
  /** Hosts at a time. */
  readonly forks?: number;
  /** How a task ends on a host. Default: ok. */
  readonly outcome?: (host: string, task: string) => TaskStatus;
}

/** The events of a run that takes one step a host a turn: what an engine would send, made without one. */
export function* simulate({ hosts, plays, dryRun = false, forks = 20, outcome = () => 'ok' }: Simulation): Generator<RunEvent> {
  const totals = new Map(hosts.map((host) => [host, { ok: 0, changed: 0, unknown: 0, skipped: 0, failed: 0, unreachable: 0 }]));
  yield { type: 'run-start', dryRun, playbook: 'playbooks/site.ts', inventory: 'inventory/prod.yml', hosts };
  for (const { name, tasks } of plays) {
    const alive = hosts.filter((host) => totals.get(host)?.failed === 0);
    yield { type: 'play-start', play: name, hosts: alive };
    const waiting = alive.map((host, index) => hostEvents(host, name, tasks, outcome, index % 7));
    const running = waiting.splice(0, forks);
    while (running.length > 0) {
      for (const host of [...running]) {
        const step = host.next();
        if (step.done === true) {
          running.splice(running.indexOf(host), 1, ...waiting.splice(0, 1));
          continue;
        }
        const event = step.value;
        if (event.type === 'task') {
          const sums = totals.get(event.host);
          if (sums) sums[event.status]++;
        }
        yield event;
      }
    }
  }
  yield {
    type: 'run-end',
    seconds: 8.24,
    totals: Object.fromEntries(totals) satisfies Record<string, HostTotals>,
    interrupted: false,
  };
}

function* hostEvents(
  host: string,
  play: string,
  tasks: readonly string[],
  outcome: (host: string, task: string) => TaskStatus,
  delay: number,
): Generator<RunEvent> {
  yield { type: 'host-activity', host, activity: 'connect' };
  for (let turn = 0; turn < delay; turn++) yield { type: 'host-activity', host, activity: 'read' };
  yield { type: 'host-tasks', host, play, tasks: tasks.length };
  for (const task of tasks) {
    const status = outcome(host, task);
    if (status !== 'ok' && status !== 'skipped') yield { type: 'host-activity', host, activity: 'task', task };
    yield { type: 'task', host, play, task, id: task, status, ...details(task, status) };
    if (status === 'failed') break;
  }
  yield { type: 'host-end', host, play };
}

function details(task: string, status: TaskStatus): Pick<Extract<RunEvent, { type: 'task' }>, 'changes' | 'fault'> {
  if (status === 'failed') {
    return {
      changes: [],
      fault: {
        message: 'apt-get ended with code 100',
        where: { file: `${process.cwd()}/playbooks/roles/nginx.ts`, line: 12, column: 5 },
        command: 'apt-get install -y nginx-fool',
        output: 'E: Unable to locate package nginx-fool\n',
        hint: 'check the name with "apt-cache policy nginx-fool" on the host',
      },
    };
  }
  if (status === 'changed' || status === 'unknown') {
    const diff = task.startsWith('service') ? undefined : { before: 'one\ntwo\nthree\n', after: 'one\n2\nthree\nfour\n' };
    return { changes: [{ summary: task.startsWith('service') ? 'start' : 'content', ...(diff === undefined ? {} : { diff }) }] };
  }
  return { changes: [] };
}
