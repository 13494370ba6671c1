import { expect } from 'chai';
import type { RunEvent } from '../../src/model/event.js';
import { coloursFor } from '../../src/report/colours.js';
import type { RunReporter } from '../../src/report/reporter.js';
import { treeReporter } from '../../src/report/tree/tree.js';
import { everyEvent } from '../support/events.js';
import { simulate } from '../support/simulate.js';
import { fakeTerminal, type FakeTerminal } from '../support/terminal.js';

const colours = coloursFor({ isTTY: true }, {});

describe('report/tree', () => {
  it('leaves finished plays, failures and the recap on the screen, and the cursor', async () => {
    const terminal = fakeTerminal(100, 12);
    const reporter = reporterOn(terminal);
    await feed(reporter, terminal, [
      ...simulate({
        hosts: ['lb-01', 'web-01'],
        plays: [
          { name: 'base', tasks: ['file /etc/motd'] },
          { name: 'web', tasks: ['package nginx', 'service nginx'] },
        ],
        outcome: (host, task) =>
          task === 'package nginx' && host === 'web-01' ? 'failed' : task.startsWith('file') ? 'changed' : 'ok',
      }),
    ]);
    await reporter.close();
    expect(terminal.cursorHidden()).to.equal(false);
    expect(terminal.text()).to.equal(`playbooks/site.ts on 2 hosts
✔ PLAY base  2 hosts: 0 ok, 2 changed  0.0 s
web-01  failed       package nginx
    apt-get ended with code 100
    at: playbooks/roles/nginx.ts:12:5
    command: apt-get install -y nginx-fool
    output:
      E: Unable to locate package nginx-fool
    try: check the name with "apt-cache policy nginx-fool" on the host
✖ PLAY web  2 hosts: 2 ok, 1 host failed  0.0 s

PLAY RECAP
lb-01  : ok=3    changed=1    unreachable=0    failed=0    skipped=0
web-01 : ok=1    changed=1    unreachable=0    failed=1    skipped=0
✖ web-01: package nginx: apt-get ended with code 100
2 changed on 2 hosts, 1 failed (8.2 s)`);
  });

  it('draws the running play below what stays, on a narrowed terminal too', async () => {
    const terminal = fakeTerminal(60, 10);
    const reporter = reporterOn(terminal);
    await feed(reporter, terminal, [
      everyEvent['run-start'],
      { type: 'play-start', play: 'web', hosts: ['web-01', 'web-02'] },
      { type: 'host-activity', host: 'web-01', activity: 'task', task: 'template /etc/nginx/nginx.conf' },
    ]);
    expect(terminal.view()).to.deep.equal([
      'playbooks/site.ts on 3 hosts',
      'PLAY web  0/2 hosts  0 s',
      ' ⠋ web-01  0        template /etc/nginx/nginx.conf',
      ' · web-02  0        waiting',
    ]);
    expect(terminal.cursorHidden()).to.equal(true);
    reporter.report({ type: 'note', text: 'hello' });
    await drawn(terminal);
    expect(terminal.view().slice(0, 3)).to.deep.equal([
      'playbooks/site.ts on 3 hosts',
      'note: hello',
      'PLAY web  0/2 hosts  0 s',
    ]);
    await reporter.close();
    expect(terminal.text()).to.equal('playbooks/site.ts on 3 hosts\nnote: hello');
  });

  it('shows changes of a dry run with the finished play, with diffs where they are wanted', async () => {
    const terminal = fakeTerminal(100, 30);
    const reporter = treeReporter({ output: terminal, colours, diff: true, verbose: 0 }, () => 0);
    const run = simulate({
      hosts: ['a'],
      plays: [{ name: 'p', tasks: ['template /etc/motd', 'service nginx', 'x'] }],
      dryRun: true,
      outcome: (_, task) => (task === 'x' ? 'ok' : task.startsWith('template') ? 'changed' : 'unknown'),
    });
    await feed(reporter, terminal, [...run]);
    await reporter.close();
    // The play's own line tells how many those are.
    expect(terminal.text()).not.to.include('with nothing to do');
    expect(terminal.text()).to.include(
      'a  would change       template /etc/motd — content\n    @@ -1,3 +1,4 @@\n     one\n    -two\n    +2',
    );
    expect(terminal.text()).to.include('a  known after apply  service nginx — as things stand: start');
    expect(terminal.text()).to.include('1 to change on 1 host, 1 known after apply (dry run, 8.2 s)');
  });

  it('leaves the terminal to a question, one at a time, and goes on afterwards', async () => {
    const terminal = fakeTerminal(60, 10);
    const reporter = reporterOn(terminal);
    await feed(reporter, terminal, [everyEvent['run-start'], { type: 'play-start', play: 'web', hosts: ['web-01'] }]);
    const asked: string[] = [];
    const ask = (question: string) =>
      reporter.hold(async () => {
        asked.push(question);
        expect(terminal.cursorHidden()).to.equal(false);
        expect(terminal.text()).not.to.include('PLAY web');
        reporter.report({ type: 'note', text: `meanwhile ${question}` });
        await new Promise(setImmediate);
        expect(terminal.text()).not.to.include(`meanwhile ${question}`);
        asked.push(`${question} answered`);
        return question;
      });
    expect(await Promise.all([ask('first'), ask('second')])).to.deep.equal(['first', 'second']);
    expect(asked).to.deep.equal(['first', 'first answered', 'second', 'second answered']);
    await drawn(terminal);
    expect(terminal.text()).to.include('meanwhile second').and.to.include('PLAY web');
    await reporter.close();
  });

  it('draws five hundred hosts without holding up the program', async () => {
    const terminal = fakeTerminal(120, 40);
    const reporter = reporterOn(terminal);
    const run = simulate({
      hosts: Array.from({ length: 500 }, (_, index) => `host-${index}`),
      plays: [{ name: 'p', tasks: Array.from({ length: 10 }, (_, index) => `file /etc/${index}`) }],
      forks: 50,
    });
    const start = performance.now();
    for (const event of run) reporter.report(event);
    await reporter.close();
    // Some 10,000 events: drawing at each of them would take minutes.
    expect(performance.now() - start).to.be.lessThan(3000);
    expect(terminal.text()).to.include('nothing changed on 500 hosts');
  });
});

function reporterOn(terminal: FakeTerminal): RunReporter {
  return treeReporter({ output: terminal, colours, diff: false, verbose: 0 }, () => 0);
}

/** Reports events, and waits until the screen has shown the last of them. */
async function feed(reporter: RunReporter, terminal: FakeTerminal, events: readonly RunEvent[]): Promise<void> {
  for (const event of events) reporter.report(event);
  // The end of a run is drawn at once.
  if (events.at(-1)?.type !== 'run-end') await drawn(terminal);
}

/** Waits until something is written. */
async function drawn(terminal: FakeTerminal): Promise<void> {
  const before = terminal.writes();
  while (terminal.writes() === before) await new Promise((resolve) => setTimeout(resolve, 5));
}
