import { expect } from 'chai';
import { coloursFor } from '../../src/report/colours.js';
import { plainLines } from '../../src/report/plain.js';
import { recordedRun } from '../support/recordedRun.js';
import { simulate } from '../support/simulate.js';

describe('report/picture of a dry run', () => {
  it('shows what somebody did by hand to real hosts: words for owner and mode, versions, diffs, equal things once', () => {
    const text = shown(recordedRun('drift'), { diff: true });
    expect(text).to.include(`
PLAY Application (2 hosts)
web-01, web-02  would change       file /etc/foobar/ca.pem — owner nobody → root
web-01, web-02  would change       template /etc/foobar/app.env — mode 0644 → 0640
`);
    expect(text).to.include(`
web-01, web-02  would change       configFiles nginx site — /etc/nginx/sites-available/foobar: content
    @@ -13,7 +13,7 @@
       listen 80 default_server;
       listen [::]:80 default_server;
       server_name www.foobar.com _;
    -  server_tokens on;
    +  server_tokens off;
`);
    expect(text).to.include(`
lb-01  would change       package haproxy socat — install 1 package
    socat  (not installed) → 1.7.4.4-2
`);
    expect(text).to.match(/9 to change on 3 hosts, 3 known after apply \(dry run, [\d.]+ s\)$/);
  });

  it('says of bare hosts what decides about what cannot be known', () => {
    const text = shown(recordedRun('bare'));
    expect(text).to.include(`
lb-01, web-01, web-02  would change       package ca-certificates logrotate systemd-timesyncd — install 2 packages
    logrotate          (not installed) → 3.21.0-1
    systemd-timesyncd  (not installed) → 252.39-1~deb12u2
lb-01, web-01, web-02  known after apply  service systemd-timesyncd — as things stand: enable
    depends on: package ca-certificates logrotate systemd-timesyncd
`);
    expect(text).to.include('depends on: service mariadb, and 2 tasks before it');
    // Their texts differ; without diffs that is no difference.
    expect(text.match(/hosts \/etc\/hosts — content/g)).to.have.length(1);
    expect(shown(recordedRun('bare'), { diff: true }).match(/hosts \/etc\/hosts — content/g)).to.have.length(3);
  });

  it('tells twenty equal changes once', () => {
    const hosts = Array.from({ length: 20 }, (_, index) => `web-${String(index + 1).padStart(2, '0')}`);
    const run = simulate({ hosts, plays: [{ name: 'p', tasks: ['template /etc/motd', 'x'] }], dryRun: true, outcome: changed });
    expect(shown([...run], { diff: true })).to.include(`
PLAY p (20 hosts)
web-[01:20]  would change       template /etc/motd — content
    @@ -1,3 +1,4 @@
     one
    -two
    +2
     three
    +four
web-[01:20]  ok                 1 task with nothing to do
`);
  });

  it('gives long lists of hosts a line of their own', () => {
    const hosts = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta'];
    const run = simulate({ hosts, plays: [{ name: 'p', tasks: ['template /etc/motd'] }], dryRun: true, outcome: changed });
    expect(shown([...run])).to.include(`
6 hosts  would change       template /etc/motd — content
    on alpha, beta, gamma, delta, epsilon, zeta
`);
  });

  it('folds failures too, and with -v what is ok', () => {
    const run = simulate({
      hosts: ['a', 'b'],
      plays: [{ name: 'p', tasks: ['one', 'two'] }],
      dryRun: true,
      outcome: (_, task) => (task === 'two' ? 'failed' : 'ok'),
    });
    const text = shown([...run], { verbose: 1 });
    expect(text).to.include('\na, b  ok                 one\na, b  failed             two\n    apt-get ended with code 100\n');
    expect(text.match(/apt-get ended/g)).to.have.length(1);
  });

  it('shows what a run that broke off had found', () => {
    const events = recordedRun('drift');
    const end = events.findIndex((event) => event.type === 'task' && event.id === 'template /etc/foobar/app.env');
    expect(shown(events.slice(0, end + 1))).to.match(/app\.env — mode 0644 → 0640\nweb-01  ok +\d+ tasks with nothing to do$/);
  });
});

function changed(_host: string, task: string): 'changed' | 'ok' {
  return task.startsWith('template') ? 'changed' : 'ok';
}

function shown(
  events: ReturnType<typeof recordedRun>,
  options: { readonly diff?: boolean; readonly verbose?: number } = {},
): string {
  const lines = plainLines({ colours: coloursFor({}, {}), diff: false, verbose: 0, ...options });
  return [...events.flatMap(lines.of), ...lines.left()].join('\n');
}
