import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import type { Finding } from '../../src/audit/finding.js';
import { GUARD_DIRECTORY, guardKey } from '../../src/facts/unconfirmed.js';
import { packageRoot } from '../../src/util/packageRoot.js';
import type { Rig } from '../rig/rig.js';
import { bareRig } from '../rig/sharedRig.js';
import { makeProject, type Project } from './support/project.js';
import { faultsOf, provision, runCli, tasksThat } from './support/provision.js';
import { until } from './support/until.js';

const HOSTS = ['lb-01', 'web-01', 'web-02'];
/** An address that nobody here has: whoever lets in only that one locks everybody out. */
const ELSEWHERE = '192.0.2.99';

describe('the firewall, and changes that could lock everybody out, on real hosts', function () {
  this.timeout(600_000);
  let rig: Rig;
  let project: Project;

  before('build the site on bare hosts', async function () {
    this.timeout(0);
    rig = await bareRig('mariadb');
    project = makeProject();
    const built = await provision(rig);
    expect(built.code, faultsOf(built)).to.equal(0);
  });
  after(() => {
    project.remove();
  });

  async function root(host: string, command: string): Promise<string> {
    const result = await rig.ssh(host, command, { root: true });
    expect(result.code, `${command} on ${host}: ${result.stderr}`).to.equal(0);
    return result.stdout.trim();
  }
  const addressOf = (host: string) => rig.hosts[host]?.address ?? '';
  const rulesOf = (host: string) => root(host, 'nft -s -t list table inet provision; cat /etc/nftables.d/provision.nft');
  const control = (...addresses: readonly string[]) => [
    ...['--tags', 'firewall', '-e', JSON.stringify({ firewall_control: addresses, firewall_confirm_seconds: 8 })],
  ];
  /** Where this machine is seen from in the hosts' network. */
  const ownAddress = async () => (await rig.ssh('lb-01', 'echo "$SSH_CONNECTION"')).stdout.split(' ')[0] ?? '';

  /** How a connection ends: `open`, `refused`, or `dropped` where nothing comes back. */
  async function reaches(from: string, to: string, port: number): Promise<string> {
    const line = `timeout 2 bash -c '</dev/tcp/${addressOf(to)}/${port}' 2>/dev/null; echo $?`;
    const code = (await rig.ssh(from, line)).stdout.trim();
    return { '0': 'open', '1': 'refused', '124': 'dropped' }[code] ?? code;
  }
  function reachesFromHere(to: string, port: number): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect({ host: addressOf(to), port, timeout: 2000 });
      const end = (how: string) => {
        socket.destroy();
        resolve(how);
      };
      socket.once('connect', () => {
        end('open');
      });
      socket.once('timeout', () => {
        end('dropped');
      });
      socket.once('error', () => {
        end('refused');
      });
    });
  }
  async function matrix(cells: Readonly<Record<string, readonly [string, string, number]>>) {
    const seen = await Promise.all(
      Object.entries(cells).map(async ([name, [from, to, port]]) => {
        return [name, await (from === 'here' ? reachesFromHere(to, port) : reaches(from, to, port))] as const;
      }),
    );
    return Object.fromEntries(seen);
  }

  it('lets each service be reached by its clients, and by nobody else', async () => {
    expect(
      await matrix({
        'lb → web 80': ['lb-01', 'web-01', 80],
        'lb → web 3306': ['lb-01', 'web-01', 3306],
        'lb → web 9100, as it watches over it': ['lb-01', 'web-01', 9100],
        'web → web 3306': ['web-01', 'web-02', 3306],
        'web → web 3306, the other way': ['web-02', 'web-01', 3306],
        'web → web 80': ['web-01', 'web-02', 80],
        'web → web 9100': ['web-01', 'web-02', 9100],
        'web → lb 8405': ['web-01', 'lb-01', 8405],
        'stranger → lb 80': ['here', 'lb-01', 80],
        'stranger → lb 8405': ['here', 'lb-01', 8405],
        'stranger → web 80': ['here', 'web-01', 80],
        'stranger → web 3306': ['here', 'web-01', 3306],
        'stranger → web 9100': ['here', 'web-01', 9100],
        'stranger → web 22': ['here', 'web-01', 22],
      }),
    ).to.deep.equal({
      'lb → web 80': 'open',
      'lb → web 3306': 'dropped',
      'lb → web 9100, as it watches over it': 'open',
      'web → web 3306': 'open',
      'web → web 3306, the other way': 'open',
      'web → web 80': 'dropped',
      'web → web 9100': 'dropped',
      'web → lb 8405': 'dropped',
      'stranger → lb 80': 'open',
      'stranger → lb 8405': 'dropped',
      'stranger → web 80': 'dropped',
      'stranger → web 3306': 'dropped',
      'stranger → web 9100': 'dropped',
      'stranger → web 22': 'open',
    });
  });

  it('leaves the audit nothing to find but what three hosts cannot have, and alerts that nobody gets', async () => {
    const { code, stdout, stderr } = await runCli('audit', '--inventory', rig.inventoryFile, '--output', 'json');
    const { findings } = JSON.parse(stdout) as { findings: readonly Finding[] };
    const faults = findings.filter(({ weight }) => weight === 'fault');
    expect(
      faults.map(({ kind, hosts }) => [kind, ...hosts].join(' ')),
      stderr,
    ).to.deep.equal(['single point of failure lb-01', 'single point of failure web-01', 'unmonitored lb-01']);
    expect(findings.filter(({ kind }) => kind === 'open port')).to.deep.equal([]);
    expect(code).to.equal(1);
  });

  it('announces rules in a dry run with their difference, and then lets in the control addresses only', async () => {
    const own = await ownAddress();
    const before = await Promise.all(HOSTS.map(rulesOf));
    const dry = await provision(rig, '--check', '--diff', ...control(own));
    expect(tasksThat(dry, 'changed')).to.have.members(HOSTS.map((host) => `${host}: firewall inet provision`));
    expect(dry.stdout).to.contain(`ip saddr ${own} tcp dport 22`);
    expect(await Promise.all(HOSTS.map(rulesOf))).to.deep.equal(before);
    const done = await provision(rig, ...control(own));
    expect(done.code, faultsOf(done)).to.equal(0);
    expect(tasksThat(await provision(rig, ...control(own)), 'changed', 'unknown', 'failed')).to.deep.equal([]);
    expect(
      await matrix({ ssh: ['here', 'web-01', 22], other: ['lb-01', 'web-01', 22], page: ['here', 'lb-01', 8405] }),
    ).to.deep.equal({ ssh: 'open', other: 'dropped', page: 'open' });
    const back = await provision(rig, '--tags', 'firewall');
    expect(back.code, faultsOf(back)).to.equal(0);
  });

  it('brings the old rules back where no new login confirms the new ones, and fails', async () => {
    const before = await Promise.all(HOSTS.map(rulesOf));
    const result = await provision(rig, ...control(ELSEWHERE));
    expect(result.code).to.equal(1);
    expect(tasksThat(result, 'failed')).to.have.members(HOSTS.map((host) => `${host}: firewall inet provision`));
    expect(faultsOf(result)).to.contain('no new login to web-01 confirmed it').and.contain('the old state is back');
    expect(await Promise.all(HOSTS.map(rulesOf))).to.deep.equal(before);
  });

  it('brings them back as well where the controller dies before it can confirm them', async () => {
    const before = await rulesOf('web-01');
    const args = ['--inventory', rig.inventoryFile, '--limit', 'web-01', ...control(ELSEWHERE)];
    const child = spawn(process.execPath, [`${packageRoot()}/dist/cli/main.cjs`, ...args], {
      stdio: 'ignore',
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    await until(async () => (await reachesFromHere('web-01', 22)) === 'dropped');
    child.kill('SIGKILL');
    await ended;
    await until(async () => (await reachesFromHere('web-01', 22)) === 'open');
    await until(async () => (await rulesOf('web-01')) === before);
    expect(tasksThat(await provision(rig, '--tags', 'firewall'), 'changed', 'failed')).to.deep.equal([]);
  });

  it('confirms what an interrupted run left, so that it is not undone behind the back of the next one', async () => {
    const wide = [
      '--tags',
      'firewall',
      '--limit',
      'web-02',
      '-e',
      '{"firewall_open":[{"port":7000}],"firewall_confirm_seconds":60}',
    ];
    const done = await provision(rig, ...wide);
    expect(done.code, faultsOf(done)).to.equal(0);
    // As if that run had died just before its confirmation: an armed guard, without its timer.
    const guard = guardKey('firewall inet provision');
    await root('web-02', `cd ${GUARD_DIRECTORY}; for g in confirmed-${guard}-*; do mv "$g" "armed-\${g#confirmed-}"; done`);
    const dry = await provision(rig, '--check', ...wide);
    expect(tasksThat(dry, 'changed')).to.deep.equal(['web-02: firewall inet provision']);
    const next = await provision(rig, ...wide);
    expect(tasksThat(next, 'changed')).to.deep.equal(['web-02: firewall inet provision']);
    expect(await root('web-02', `ls ${GUARD_DIRECTORY}`)).to.not.contain('armed');
    const back = await provision(rig, '--tags', 'firewall');
    expect(tasksThat(back, 'changed'), faultsOf(back)).to.deep.equal(['web-02: firewall inet provision']);
  });

  it('has its rules after a restart of nftables and of its own unit, and after a hand that changed them', async () => {
    const before = await rulesOf('web-01');
    await root('web-01', 'nft add table ip others; nft add chain ip others c');
    for (const restart of [
      'systemctl restart nftables',
      'systemctl reload nftables',
      'nft delete table inet provision; systemctl restart provision-firewall',
    ]) {
      await root('web-01', restart);
      expect(await rulesOf('web-01'), restart).to.equal(before);
    }
    expect(await root('web-01', 'systemctl is-enabled provision-firewall')).to.equal('enabled');
    await root('web-01', 'nft add table ip others; nft insert rule inet provision input accept');
    const dry = await provision(rig, '--check', '--tags', 'firewall');
    expect(tasksThat(dry, 'changed')).to.deep.equal(['web-01: firewall inet provision']);
    const { stdout } = await runCli('audit', '--inventory', rig.inventoryFile);
    expect(stdout).to.contain('somebody has changed the rules of web-01 by hand');
    const mended = await provision(rig, '--tags', 'firewall');
    expect(mended.code, faultsOf(mended)).to.equal(0);
    expect(await rulesOf('web-01')).to.equal(before);
    expect(await root('web-01', 'nft list tables')).to.contain('table ip others');
  });

  it('removes its rules where they are not wanted any more', async () => {
    const off = ['--tags', 'firewall', '--limit', 'web-02', '-e', 'firewall_enabled=false'];
    const done = await provision(rig, ...off);
    expect(done.code, faultsOf(done)).to.equal(0);
    expect(await reachesFromHere('web-02', 80)).to.equal('open');
    expect(tasksThat(await provision(rig, ...off), 'changed', 'failed')).to.deep.equal([]);
  });

  it('breaks no connection that its host had opened before it had rules', async () => {
    // The replica's: its primary speaks first, a heartbeat each five seconds; without one for ten the replica connects anew.
    await root('web-02', "mariadb -e 'STOP REPLICA; START REPLICA'");
    const connection = () =>
      root('web-01', `mariadb -N -e "SELECT GROUP_CONCAT(id) FROM information_schema.processlist WHERE user = 'repl'"`);
    const heartbeats = async () =>
      Number((await root('web-02', `mariadb -N -e "SHOW GLOBAL STATUS LIKE 'Slave_received_heartbeats'"`)).split('\t')[1]);
    await until(async () => /^\d+$/.test(await connection()));
    const [before, sofar] = [await connection(), await heartbeats()];
    const on = await provision(rig, '--tags', 'firewall');
    expect(on.code, faultsOf(on)).to.equal(0);
    expect(await reachesFromHere('web-02', 80)).to.equal('dropped');
    await until(async () => (await heartbeats()) >= sofar + 4);
    expect(await connection()).to.equal(before);
  });

  /** Cuts a host's power as soon as a command succeeds there: between a change and its confirmation. */
  async function rebootWhen(host: string, command: string): Promise<void> {
    const script = `until ${command}; do sleep 0.02; done; systemctl reboot --force --force`;
    await root(host, `systemd-run --quiet --collect sh -c '${script}'`);
  }
  const bootOf = (host: string) => root(host, 'cat /proc/sys/kernel/random/boot_id');
  /** What a guard that waits has on a host, also for the next boot. */
  const GUARDS = `${GUARD_DIRECTORY}/armed-* ${GUARD_DIRECTORY}/undoing-* /etc/systemd/system/*/provision-guard.service`;
  const waiting = (host: string) => root(host, `ls -d ${GUARDS} 2>/dev/null || echo none`);

  it('has the rules of before when the machine reboots before they are confirmed', async () => {
    const [before, boot] = [await rulesOf('web-01'), await bootOf('web-01')];
    await rebootWhen('web-01', `nft list table inet provision | grep -q ${ELSEWHERE}`);
    const lost = await provision(rig, '--limit', 'web-01', ...control(ELSEWHERE));
    expect(lost.code, faultsOf(lost)).to.not.equal(0);
    await until(async () => (await bootOf('web-01')) !== boot);
    expect(await rulesOf('web-01')).to.equal(before);
    expect(await waiting('web-01')).to.equal('none');
  });

  describe('files that decide who can log in', () => {
    const FILES = {
      sshd: `file({ path: '/etc/ssh/sshd_config.d/50-test.conf', content: vars.text + '\\n', validate: 'sshd -t -f %s', confirmLogin: { seconds: 8, reload: 'ssh' } })`,
      sudoers: `file({ path: '/etc/sudoers.d/test', content: vars.text + '\\n', mode: '0440', validate: 'visudo -cqf %s', confirmLogin: { seconds: 8 } })`,
    };
    const PATHS = { sshd: '/etc/ssh/sshd_config.d/50-test.conf', sudoers: '/etc/sudoers.d/test' };
    function run(kind: keyof typeof FILES, text: string) {
      const book = project.write(
        `playbooks/${kind}.ts`,
        `import { z } from 'zod';
import { playbook } from 'provision/playbook';
import { file } from 'provision/tasks/file';
export default playbook({
  vars: z.looseObject({ text: z.string() }),
  groups: ['lb'],
  plays: [{ name: 'guarded', hosts: 'lb', tasks: ({ vars }) => [${FILES[kind]}] }],
});`,
      );
      return provision(rig, book, '-e', JSON.stringify({ text }));
    }

    for (const [kind, good, refused, locking] of [
      ['sshd', 'MaxAuthTries 5', 'NoSuchKeyword yes', 'AllowUsers nobody'],
      ['sudoers', 'Defaults timestamp_timeout=0', 'deploy ALL=(', 'deploy ALL=(ALL) !ALL'],
    ] as const) {
      it(`of ${kind}: keeps a good one, refuses a faulty one, and takes back one that locks everybody out`, async () => {
        const kept = await run(kind, good);
        expect(kept.code, faultsOf(kept)).to.equal(0);
        expect(tasksThat(await run(kind, good), 'changed', 'failed')).to.deep.equal([]);
        const faulty = await run(kind, refused);
        expect([faulty.code, faultsOf(faulty)].join(' ')).to.match(/^1 [^]*refused by its own program/);
        const locked = await run(kind, locking);
        expect([locked.code, faultsOf(locked)].join(' ')).to.match(/^1 [^]*the old state is back/);
        expect(
          await root('lb-01', `cat ${PATHS[kind]}; ls -A ${PATHS[kind].replace(/[^/]*$/, '')} | grep -c '^[.]provision' || true`),
        ).to.equal(`${good}\n0`);
        expect(tasksThat(await run(kind, good), 'changed', 'failed')).to.deep.equal([]);
      });

      it(`of ${kind}: takes back at boot what would lock everybody out, when the machine reboots before it is confirmed`, async () => {
        const kept = await run(kind, good);
        expect(kept.code, faultsOf(kept)).to.equal(0);
        const boot = await bootOf('lb-01');
        await rebootWhen('lb-01', `grep -q -F "${locking}" ${PATHS[kind]}`);
        const lost = await run(kind, locking);
        // Why depends on what the power cut met: the reload of the unit, the open connection, or the new login.
        expect(lost.code, faultsOf(lost)).to.not.equal(0);
        await until(async () => (await bootOf('lb-01')) !== boot);
        expect(await root('lb-01', `cat ${PATHS[kind]}`)).to.equal(good);
        expect(await waiting('lb-01')).to.equal('none');
        expect(tasksThat(await run(kind, good), 'changed', 'failed')).to.deep.equal([]);
      });
    }
  });
});
