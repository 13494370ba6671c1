import { expect } from 'chai';
import { quote } from '../../src/util/shell.js';
import type { RunEvent } from '../../src/model/event.js';
import { compareParity, isTrue } from '../../src/report/parity.js';
import type { Rig } from '../rig/rig.js';
import { bareRig } from '../rig/sharedRig.js';
import { makeProject, type Project } from './support/project.js';
import { faultsOf, provision, tasksThat } from './support/provision.js';
import { until } from './support/until.js';

const KINDS = [
  'aptRepository',
  'cron',
  'file',
  'hostname',
  'hosts',
  'packages',
  'service',
  'sysctl',
  'systemdUnit',
  'timer',
  'waitFor',
];

/** A playbook of one play on lb-01; `vars.conf` is a line of Nginx's configuration, `vars.program` what the unit runs. */
function playbookOf(tasks: string): string {
  return `
import { z } from 'zod';
import { playbook } from 'provision/playbook';
${KINDS.map((kind) => `import { ${kind} } from 'provision/tasks/${kind}';`).join('\n')}
export default playbook({
  vars: z.looseObject({ conf: z.string().default('server_tokens off;'), program: z.string().default('/bin/sleep infinity') }),
  groups: ['lb'],
  plays: [{ name: 'kinds', hosts: 'lb', tasks: ({ host, vars }) => [${tasks}] }],
});`;
}

const CONF = '/etc/nginx/conf.d/provision.conf';
const UNIT = '/etc/systemd/system/napper.service';

const build = (mirror: string) => `
  hosts({ entries: [{ address: host.address, names: ['lb.example.org', 'lb-01'] }] }),
  hostname({ name: 'lb.example.org' }),
  sysctl({ values: { 'net.core.somaxconn': 4096, 'net.ipv4.ip_local_port_range': '20000 60000' } }),
  aptRepository({
    name: 'backports', uris: ['${mirror}'], suites: ['bookworm-backports'],
    signedBy: '/usr/share/keyrings/debian-archive-keyring.gpg',
  }),
  packages({ names: ['nginx', 'cron'] }),
  file({ path: '${CONF}', content: vars.conf + '\\n' }),
  service({ name: 'nginx', state: 'running', enabled: true, reloadWhen: ['${CONF}', '/etc/nginx/sites-enabled/'] }),
  systemdUnit({
    name: 'napper',
    content: '[Service]\\nExecStart=' + vars.program + '\\nRestart=on-failure\\n[Install]\\nWantedBy=multi-user.target\\n',
  }),
  service({ name: 'napper', state: 'running', enabled: true, restartWhen: ['${UNIT}'] }),
  timer({ name: 'nightly', onCalendar: 'daily', command: 'date >/run/nightly' }),
  cron({ name: 'hourly', schedule: '@hourly', command: 'date +%F >/run/hourly' }),
  waitFor({ url: 'http://127.0.0.1/', contains: 'Welcome to nginx', timeoutSeconds: 10 }),
`;
const TASKS = 12;

const REMOVE = `
  service({ name: 'nginx', state: 'stopped', enabled: false, masked: true }),
  systemdUnit({ name: 'napper', state: 'absent' }),
  timer({ name: 'nightly', state: 'absent' }),
  cron({ name: 'hourly', state: 'absent' }),
  packages({ name: 'cron', state: 'absent', purge: true }),
  aptRepository({ name: 'backports', state: 'absent' }),
`;

/** It takes longer to listen than a process must stay alive to count as started. */
const SLOW = `
  systemdUnit({ name: 'slow', content: "[Service]\\nExecStart=/bin/sh -c 'sleep 4; exec systemd-socket-activate -l 127.0.0.2:18099 cat'\\n" }),
  service({ name: 'slow', state: 'running', listens: [18099] }),
`;

const HELD = '/run/held';

/** Holds a lock file as dpkg and apt do, until `HELD` is removed, in a process of its own. */
function holdLock(path: string): string {
  const script = `open F, ">>", "${path}" or die; $l = pack("s s x4 q q i x4", 1, 0, 0, 0, 0); fcntl(F, 6, $l) or die; print "held\\n"; close STDOUT; select(undef, undef, undef, 0.1) while -e "${HELD}"`;
  return `touch ${HELD}; perl -e ${quote(script)} 2>/dev/null </dev/null &`;
}

describe('tasks for packages, services and the system on a real host', function () {
  this.timeout(180_000);
  let rig: Rig;
  let project: Project;
  let playbook: string;
  let announced: readonly RunEvent[] = [];

  before('start a bare host', async function () {
    this.timeout(0);
    rig = await bareRig('mariadb');
    project = makeProject();
    const mirror = await root(`sed -n 's/^deb \\([^ ]*\\) .*/\\1/p' /etc/apt/sources.list | head -n 1`);
    playbook = project.write('playbooks/build.ts', playbookOf(build(mirror)));
  });
  after(() => {
    project.remove();
  });

  const root = async (command: string) => {
    const result = await rig.ssh('lb-01', command, { root: true });
    expect(result.code, `${command}: ${result.stderr}`).to.equal(0);
    return result.stdout.trim();
  };
  const run = (...args: readonly string[]) => provision(rig, ...args, '--limit', 'lb-01');
  const invocation = (unit: string) => root(`systemctl show -p InvocationID --value ${unit}`);

  it('tells on a bare host what would be done, and changes nothing', async () => {
    const bare = await rig.fingerprint('lb-01');
    const result = await run(playbook, '--check', '--diff');
    expect(result.code, faultsOf(result)).to.equal(0);
    // All but the one that only waits.
    expect(tasksThat(result, 'changed', 'unknown')).to.have.length(TASKS - 1);
    expect(tasksThat(result, 'unknown')).to.deep.equal([]);
    // A repository before it does not make a package unknown.
    expect(tasksThat(result, 'changed')).to.include('lb-01: package nginx cron');
    expect(await rig.fingerprint('lb-01')).to.deep.equal(bare);
    announced = result.events;
  });

  it('does it all, although the lists are locked at first, and has nothing to do after that', async () => {
    expect(await root(holdLock('/var/lib/apt/lists/lock'))).to.equal('held');
    const running = run(playbook);
    // The step keeps what apt said in a file of /tmp while it waits.
    await until(async () => (await root(`grep -ls '/apt/lists/lock. It is held' /tmp/tmp.* || true`)) !== '');
    await root(`rm ${HELD}`);
    const first = await running;
    expect(first.code, faultsOf(first)).to.equal(0);
    const parity = compareParity(announced, first.events);
    expect(isTrue(parity), JSON.stringify(parity, undefined, 2)).to.equal(true);
    const second = await run(playbook);
    expect(tasksThat(second, 'changed'), faultsOf(second)).to.deep.equal([]);
    expect(second.totals['lb-01']).to.deep.include({ ok: TASKS, changed: 0, failed: 0 });
    expect(await root('ls /usr/sbin/policy-rc.d* 2>/dev/null | wc -l')).to.equal('0');
    expect(await root('systemctl is-active nginx napper nightly.timer')).to.equal('active\nactive\nactive');
    expect(await root('uname -n; getent hosts lb.example.org')).to.match(/^lb\.example\.org\n10\./);
    expect(await root('cat /proc/sys/net/ipv4/ip_local_port_range')).to.equal('20000\t60000');
  });

  it('starts nothing with an installation', async () => {
    expect(await root('systemctl is-enabled cron; systemctl is-active cron || true')).to.equal('enabled\ninactive');
  });

  it('has systemd read its units once for all packages of an installation, and leaves nothing in front of systemctl', async () => {
    const reloads = async () =>
      Number(await root(`journalctl --sync; journalctl -b _PID=1 -o cat | grep -c '^Reloading[.]' || true`));
    const names = ['rsync', 'haproxy', 'memcached'];
    const before = await reloads();
    const more = await run(project.write('playbooks/more.ts', playbookOf(`packages({ names: ${JSON.stringify(names)} })`)));
    expect(more.code, faultsOf(more)).to.equal(0);
    expect((await reloads()) - before).to.equal(1);
    expect(await root("systemctl show -p NeedDaemonReload '*' | sort -u")).to.equal('NeedDaemonReload=no');
    expect(await root(`systemctl show -P LoadState ${names.join(' ')} | sort -u`)).to.equal('loaded');
    expect(await root('ls -A /var/lib/provision')).to.not.contain('front');
  });

  it('reloads for a new file, and takes it back when the program refuses it', async () => {
    const good = await run(playbook, '-e', '{"conf": "server_tokens on;"}');
    expect(tasksThat(good, 'changed'), faultsOf(good)).to.deep.equal([`lb-01: file ${CONF}`, 'lb-01: service nginx']);
    const before = await invocation('nginx');
    const bad = await run(playbook, '-e', '{"conf": "server_tokenz on;"}');
    expect(bad.code).to.equal(1);
    expect(faultsOf(bad)).to.contain('unknown directive').and.contain('the files that it had loaded before are back');
    expect(await root(`cat ${CONF}`)).to.equal('server_tokens on;');
    expect(await invocation('nginx')).to.equal(before);
  });

  it('makes good a reload that an earlier run did not get to', async () => {
    await root(`echo 'server_tokens off;' >${CONF}`);
    const result = await run(playbook);
    expect(tasksThat(result, 'changed'), faultsOf(result)).to.deep.equal(['lb-01: service nginx']);
    expect(tasksThat(await run(playbook), 'changed')).to.deep.equal([]);
  });

  it('leaves a service alone that somebody restarted', async () => {
    await root('sleep 1.1; systemctl restart nginx');
    expect(tasksThat(await run(playbook), 'changed')).to.deep.equal([]);
  });

  it('restarts for a new unit, goes back to the old one when it does not start, and refuses one that systemd does', async () => {
    const other = await run(playbook, '-e', '{"program": "/bin/sleep 100000"}');
    expect(tasksThat(other, 'changed'), faultsOf(other)).to.deep.equal(
      ['systemdUnit napper.service', 'service napper'].map((id) => `lb-01: ${id}`),
    );
    const bad = await run(playbook, '-e', '{"program": "/bin/false"}');
    expect(bad.code).to.equal(1);
    expect(faultsOf(bad)).to.contain('napper.service did not restart as it should');
    expect(await root(`grep ExecStart ${UNIT}; systemctl is-active napper`)).to.equal('ExecStart=/bin/sleep 100000\nactive');
    const typo = await run(playbook, '-e', '{"program": "/bin/sleep 1\\nRestrat=yes"}');
    expect(faultsOf(typo)).to.contain(`Unknown key`);
    expect(await root(`grep ExecStart ${UNIT}`)).to.equal('ExecStart=/bin/sleep 100000');
    expect((await run(playbook)).code).to.equal(0);
  });

  it('waits until a process of the service itself listens where it is said to', async () => {
    const slow = project.write('playbooks/slow.ts', playbookOf(SLOW));
    await root('systemd-run --quiet --unit=other systemd-socket-activate -l 127.0.0.1:18099 cat');
    await until(async () => (await root('ss -Hltn "sport = :18099"')) !== '');
    const started = await run(slow);
    expect(started.code, faultsOf(started)).to.equal(0);
    expect(await root('ss -Hltn "sport = :18099" | grep -c .')).to.equal('2');
    expect(tasksThat(await run(slow), 'changed')).to.deep.equal([]);
    await root('systemctl stop other slow');
  });

  it('mends what somebody changed by hand, with no task more than it takes', async () => {
    await root(`set -e
      sed -i '/lb.example.org/d' /etc/hosts
      hostname elsewhere
      echo 128 >/proc/sys/net/core/somaxconn
      rm /etc/apt/sources.list.d/backports.sources
      systemctl stop napper; systemctl disable -q nginx
      systemctl stop nightly.timer
      rm /etc/cron.d/hourly`);
    const result = await run(playbook);
    expect(result.code, faultsOf(result)).to.equal(0);
    expect(tasksThat(result, 'changed')).to.deep.equal(
      [
        'hosts /etc/hosts',
        'hostname lb.example.org',
        'sysctl /etc/sysctl.d/60-provision.conf',
        'aptRepository backports',
        'service nginx',
        'service napper',
        'timer nightly',
        'cron hourly',
      ].map((id) => `lb-01: ${id}`),
    );
  });

  it('gives up on a lock that stays, and names its holder', async () => {
    expect(await root(holdLock('/var/lib/dpkg/lock-frontend'))).to.equal('held');
    const wait = project.write('playbooks/wait.ts', playbookOf(`packages({ name: 'netbase', lockTimeout: 2 })`));
    const result = await run(wait);
    expect(result.code).to.equal(1);
    expect(faultsOf(result)).to.match(/waited 2 s for \/var\/lib\/dpkg\/lock-frontend, which process \d+ holds: perl/);
    await root(`rm ${HELD}`);
    const patient = project.write('playbooks/patient.ts', playbookOf(`packages({ name: 'netbase' })`));
    expect((await run(patient)).code).to.equal(0);
  });

  it('names a package that does not exist, with a near one', async () => {
    const typo = project.write('playbooks/typo.ts', playbookOf(`packages({ name: 'haproxyy' })`));
    const result = await run(typo);
    expect(result.code).to.equal(1);
    expect(faultsOf(result)).to.contain('haproxyy').and.contain('haproxy');
  });

  it('ends an installation that was interrupted', async () => {
    await root(`sed -i '/^Package: netbase$/,/^$/s/^Status:.*/Status: install ok half-configured/' /var/lib/dpkg/status`);
    const patient = project.write('playbooks/patient.ts', playbookOf(`packages({ name: 'netbase' })`));
    const result = await run(patient);
    expect(result.code, faultsOf(result)).to.equal(0);
    expect(await root(`dpkg-query -W -f '\${Status}' netbase`)).to.equal('install ok installed');
  });

  it('removes what is not wanted', async () => {
    const remove = project.write('playbooks/remove.ts', playbookOf(REMOVE));
    const first = await run(remove);
    expect(first.code, faultsOf(first)).to.equal(0);
    expect(tasksThat(first, 'changed')).to.have.length(6);
    expect(tasksThat(await run(remove), 'changed')).to.deep.equal([]);
    expect(
      await root(
        `systemctl is-active nginx napper nightly.timer || true; ls ${UNIT} /etc/cron.d/hourly 2>&1 | grep -c 'No such'`,
      ),
    ).to.equal('inactive\ninactive\ninactive\n2');
  });
});
