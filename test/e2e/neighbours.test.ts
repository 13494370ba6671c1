import { expect } from 'chai';
import type { Rig } from '../rig/rig.js';
import { bareRig } from '../rig/sharedRig.js';
import { makeProject, type Project } from './support/project.js';
import { faultsOf, provision, tasksThat } from './support/provision.js';

const IMPORTS = Object.fromEntries(
  ['file', 'packages', 'service', 'systemdUnit'].map((kind) => [kind, `provision/tasks/${kind}`]),
);

/** A process that does not tell when it is ready. */
const unit = (name: string, command: string, more = '') =>
  `systemdUnit({ name: '${name}', content: ${JSON.stringify(`[Unit]\n${more}[Service]\nExecStart=${command}\n[Install]\nWantedBy=multi-user.target\n`)} })`;

const STEADY = ['steady1', 'steady2', 'steady3', 'steady4', 'steady5'];

describe('neighbouring tasks on a real host', function () {
  this.timeout(120_000);
  let rig: Rig;
  let project: Project;

  before('start a bare host', async function () {
    this.timeout(0);
    rig = await bareRig();
    project = makeProject();
  });
  after(() => {
    project.remove();
  });

  const root = async (command: string) => {
    const result = await rig.ssh('lb-01', command, { root: true });
    expect(result.code, `${command}: ${result.stderr}`).to.equal(0);
    return result.stdout.trim();
  };
  const run = (name: string, tasks: readonly string[]) =>
    provision(rig, project.playbook(name, { imports: IMPORTS, tasks: tasks.join(',\n') }), '--limit', 'lb-01');

  it('installs packages in one transaction, each of them as wanted by itself', async () => {
    const names = ['tree', 'netcat-openbsd', 'file'];
    const tasks = names.map((name) => `packages({ name: '${name}' })`);
    const first = await run('packages', tasks);
    expect(tasksThat(first, 'changed'), faultsOf(first)).to.deep.equal(names.map((name) => `lb-01: package ${name}`));
    expect(await root('grep -c ^Install: /var/log/apt/history.log')).to.equal('1');
    const manual = (await root('apt-mark showmanual')).split('\n');
    expect(manual).to.include.members(names);
    expect(tasksThat(await run('packages', tasks), 'changed')).to.deep.equal([]);
  });

  it('watches services together, which each start before another is watched to its end', async () => {
    const result = await run('steady', [
      ...STEADY.map((name) => unit(name, '/bin/sleep infinity')),
      ...STEADY.map((name) => `service({ name: '${name}', state: 'running', enabled: true })`),
    ]);
    expect(result.totals['lb-01'], faultsOf(result)).to.deep.include({ changed: 2 * STEADY.length, failed: 0 });
    const starts = (await root(`systemctl show -p ActiveEnterTimestampMonotonic --value ${STEADY.join(' ')}`))
      .split(/\s+/)
      .map(Number)
      .sort((a, b) => a - b);
    expect(starts).to.have.length(STEADY.length);
    // One by one, two seconds each would lie between them.
    expect((starts.at(-1) ?? 0) - (starts[0] ?? 0)).to.be.lessThan(2_000_000 * (STEADY.length - 1));
    expect(await root(`systemctl is-enabled ${STEADY.join(' ')}`)).to.equal(STEADY.map(() => 'enabled').join('\n'));
    expect(await root('ls /run/provision/loaded/*/next /run/provision/loaded/.linked 2>/dev/null | wc -l')).to.equal('0');
  });

  it('fails the one that ends right after its start, with its log, and goes no further', async () => {
    const result = await run('short', [
      unit('short', `/bin/sh -c 'sleep 1; echo no such luck; exit 3'`),
      unit('long', '/bin/sleep infinity'),
      `service({ name: 'short', state: 'running' })`,
      `service({ name: 'long', state: 'running' })`,
      `file({ path: '/etc/after', content: '' })`,
    ]);
    expect(result.code).to.equal(1);
    expect(tasksThat(result, 'failed'), faultsOf(result)).to.deep.equal(['lb-01: service short']);
    expect(tasksThat(result, 'changed')).to.include('lb-01: service long');
    expect(faultsOf(result)).to.contain('no such luck').and.contain('short.service did not start as it should');
    expect(await root('ls /etc/after 2>/dev/null || echo none')).to.equal('none');
  });

  it('lets systemd judge units and drop-ins by themselves and beside those that are there, and changes nothing for a faulty one', async () => {
    const write = async (options: Readonly<Record<string, string>>) => {
      const ended = await run('judged', [`systemdUnit(${JSON.stringify(options)})`]);
      return { code: ended.code, faults: faultsOf(ended) };
    };
    const once = '[Service]\nExecStart=/bin/true\n';
    const misspelt = '[Service]\nRestrat=always\n';

    const lonely = await write({ name: 'lonely', content: `[Unit]\nRequires=nowhere.service\n${once}` });
    expect(lonely.code, lonely.faults).to.equal(0);
    const first = await write({ name: 'ssh', dropIn: 'first.conf', content: misspelt });
    expect([first.code, first.faults].join(' ')).to.match(
      /^1 [^]*\/etc\/systemd\/system\/ssh\.service\.d\/first\.conf:2: Unknown key/,
    );
    expect(await root('ls -d /etc/systemd/system/ssh.service.d 2>/dev/null || echo none')).to.equal('none');
    const good = await write({ name: 'ssh', dropIn: 'first.conf', content: '[Service]\nRestart=always\n' });
    expect(good.code, good.faults).to.equal(0);
    const second = await write({ name: 'ssh', dropIn: 'second.conf', content: misspelt });
    expect([second.code, second.faults].join(' ')).to.match(/^1 [^]*second\.conf:2: Unknown key/);
    expect(await root('ls /etc/systemd/system/ssh.service.d')).to.equal('first.conf');

    await root(
      `for u in twice part; do d=/etc/systemd/system/$u.service.d; mkdir $d; printf '[Service]\\nExecStart=/bin/true\\n' >$d/by-hand.conf; done`,
    );
    const twice = await write({ name: 'twice', content: once });
    expect([twice.code, twice.faults].join(' ')).to.match(/^1 [^]*twice\.service: .*more than one ExecStart=/);
    expect(await root('ls /etc/systemd/system/twice.service 2>/dev/null || echo none')).to.equal('none');
    const part = await write({ name: 'part', content: '[Service]\nType=simple\n' });
    expect(part.code, part.faults).to.equal(0);
  });

  it('starts what comes after another only when that one stays up', async () => {
    const tasks = (command: string) => [
      unit('server', command),
      unit('client', '/bin/sleep infinity', 'After=server.service\n'),
      `service({ name: 'server', state: 'running', restartWhen: ['/etc/systemd/system/server.service'] })`,
      `service({ name: 'client', state: 'running' })`,
    ];
    const bad = await run('ordered', tasks('/bin/sh -c "sleep 1; exit 3"'));
    expect(tasksThat(bad, 'failed'), faultsOf(bad)).to.deep.equal(['lb-01: service server', 'lb-01: service client']);
    expect(faultsOf(bad)).to.contain('client.service comes after server.service, which did not stay up');
    expect(await root('systemctl show -p InvocationID --value client')).to.equal('');
    const good = await run('ordered', tasks('/bin/sleep infinity'));
    expect(good.totals['lb-01'], faultsOf(good)).to.deep.include({ failed: 0 });
    const starts = await root('systemctl show -p ActiveEnterTimestampMonotonic --value server client');
    const [server = 0, client = 0] = starts.split(/\s+/).map(Number);
    expect(client - server).to.be.at.least(2_000_000);
  });
});
