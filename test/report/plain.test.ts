import { expect } from 'chai';
import type { RunEvent } from '../../src/model/event.js';
import { coloursFor } from '../../src/report/colours.js';
import { plainLines } from '../../src/report/plain.js';
import { everyEvent } from '../support/events.js';
import { simulate } from '../support/simulate.js';

const colours = coloursFor({ isTTY: false }, {});

describe('report/plain', () => {
  it('writes a line for what changes or fails, and the recap', () => {
    const run = simulate({
      hosts: ['lb-01', 'web-1'],
      plays: [{ name: 'web', tasks: ['package nginx', 'template /etc/motd', 'service nginx'] }],
      outcome: (host, task) =>
        task.startsWith('template') ? 'changed' : host === 'web-1' && task === 'service nginx' ? 'failed' : 'ok',
    });
    expect(text([...run])).to.equal(`
PLAY web (2 hosts)
lb-01  changed      template /etc/motd — content
web-1  changed      template /etc/motd — content
lb-01  ok           2 tasks with nothing to do
web-1  failed       service nginx
    apt-get ended with code 100
    at: playbooks/roles/nginx.ts:12:5
    command: apt-get install -y nginx-fool
    output:
      E: Unable to locate package nginx-fool
    try: check the name with "apt-cache policy nginx-fool" on the host
web-1  ok           1 task with nothing to do

PLAY RECAP
lb-01 : ok=3    changed=1    unreachable=0    failed=0    skipped=0
web-1 : ok=2    changed=1    unreachable=0    failed=1    skipped=0
2 changed on 2 hosts, 1 failed (8.2 s)`);
  });

  it('says in a dry run what would change, with diffs, the same one once', () => {
    const run = simulate({
      hosts: ['a', 'b'],
      plays: [{ name: 'web', tasks: ['template /etc/motd', 'service nginx'] }],
      dryRun: true,
      outcome: (host, task) => (task.startsWith('template') ? 'changed' : host === 'a' ? 'unknown' : 'skipped'),
    });
    expect(text([...run], { diff: true })).to.equal(`dry run of playbooks/site.ts: nothing is changed

PLAY web (2 hosts)
a, b  would change       template /etc/motd — content
    @@ -1,3 +1,4 @@
     one
    -two
    +2
     three
    +four
a     known after apply  service nginx — as things stand: start
b     ok                 1 task with nothing to do

PLAY RECAP
a : ok=1    changed=1    unreachable=0    failed=0    skipped=0    unknown=1
b : ok=1    changed=1    unreachable=0    failed=0    skipped=1    unknown=0
2 to change on 2 hosts, 1 known after apply (dry run, 8.2 s)`);
  });

  it('tells everything that an event knows, and stacks with -vv only', () => {
    const events: readonly RunEvent[] = [
      everyEvent['run-start'],
      everyEvent.task,
      everyEvent['host-unreachable'],
      everyEvent.note,
    ];
    const shown = text(events, { diff: true, verbose: 1 });
    for (const part of [
      'maxcon 200',
      'refused by its own check',
      'haproxy.ts:41:7',
      'haproxy -c -f',
      'unknown keyword',
      'try: correct',
    ]) {
      expect(shown).to.include(part);
    }
    expect(shown).to.include(
      'web-02  unreachable\n    web-02 (10.0.0.22:22) refused the connection\n    try: is sshd running there?',
    );
    expect(shown).to.include('lb-01   note: rebooting');
    expect(shown).not.to.include('at place');
    expect(text(events, { verbose: 2 })).to.include('at place');
  });

  it('cuts long commands and outputs, and shows them whole with -v', () => {
    const lines = (name: string, number: number): string => Array.from({ length: number }, (_, i) => `${name} ${i}\n`).join('');
    const event: RunEvent = { ...everyEvent.task, fault: { message: 'm', command: lines('do', 20), output: lines('said', 60) } };
    const shown = text([everyEvent['run-start'], event]);
    expect(shown).to.include('do 11\n').and.include('… 8 more lines (-v shows all)').and.not.include('do 12\n');
    expect(shown).to.include('… 36 lines before (-v shows all)').and.include('said 59').and.not.include('said 35\n');
    expect(text([everyEvent['run-start'], event], { verbose: 1 }))
      .to.include('do 19\n')
      .and.include('said 0\n');
  });

  it('is quiet about what is ok unless -v, and about activity unless -vv', () => {
    const ok: RunEvent = { ...everyEvent.task, status: 'ok', changes: [], fault: undefined };
    const events: readonly RunEvent[] = [everyEvent['run-start'], ok, everyEvent['host-activity'], everyEvent['host-tasks']];
    expect(text(events)).to.equal('');
    expect(text(events, { verbose: 1 })).to.equal('lb-01   ok           template /etc/haproxy/haproxy.cfg');
    expect(text(events, { verbose: 2 })).to.include('lb-01  package haproxy');
  });

  it('lets no line break or escape of a name pass', () => {
    const event: RunEvent = { ...everyEvent.task, fault: undefined, task: 'a\u001b[2J\nb', changes: [{ summary: 'c\r\nd' }] };
    expect(text([everyEvent['run-start'], event])).to.equal('lb-01   failed       a ⏎ b — c ⏎ d');
  });

  it('shows packages of an apply as a table where diffs are wanted, and in words where not', () => {
    const packages = [{ name: 'nginx', from: '1.22', to: '1.24' }, { name: 'curl', to: '8' }, { name: 'apache2', from: '2.4' }]; // prettier-ignore
    const changes = [{ summary: 'install nginx 1.24, curl 8', diff: { before: 'x', after: 'y' }, packages }];
    const event: RunEvent = { ...everyEvent.task, task: 'package web', status: 'changed', changes, fault: undefined };
    expect(text([everyEvent['run-start'], event])).to.equal('lb-01   changed      package web — install nginx 1.24, curl 8');
    expect(text([everyEvent['run-start'], event], { diff: true })).to
      .equal(`lb-01   changed      package web — change 1 package, install 1 package, remove 1 package
    nginx    1.22            → 1.24
    curl     (not installed) → 8
    apache2  2.4             → (removed)`);
  });

  it('tells an interrupted run', () => {
    const end: RunEvent = { ...everyEvent['run-end'], interrupted: true };
    expect(text([everyEvent['run-start'], end])).to.equal(`
PLAY RECAP
lb-01  : ok=31   changed=1    unreachable=0    failed=0    skipped=2
web-01 : ok=12   changed=0    unreachable=0    failed=1    skipped=0
web-02 : ok=0    changed=0    unreachable=1    failed=0    skipped=0
1 changed on 1 host, 1 failed, 1 host unreachable (interrupted, 8.2 s)`);
  });
});

function text(events: readonly RunEvent[], options: { readonly diff?: boolean; readonly verbose?: number } = {}): string {
  const lines = plainLines({ colours, diff: false, verbose: 0, ...options });
  return [...events.flatMap(lines.of), ...lines.left()].join('\n');
}
