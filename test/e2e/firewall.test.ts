import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import type { Finding } from '../../src/audit/finding.js';
import { GUARD_DIRECTORY, guardKey } from '../../src/facts/unconfirmed.js';
import { packageRoot } from '../../src/util/packageRoot.js';
import type { Rig } from '../rig/rig.js';
import { bareRig } from '../rig/sharedRig.js';
import { bootOf, rebootWhen, waitingGuards } from './support/powerCut.js';
import { root as rootOn } from './support/root.js';
import { faultsOf, provision, runCli, tasksThat } from './support/provision.js';
import { until } from './support/until.js';

const HOSTS = ['lb-01', 'web-01', 'web-02'];
/** An address that nobody here has: whoever lets in only that one locks everybody out. */
const ELSEWHERE = '192.0.2.99';

describe('the firewall, on real hosts', function () {
  this.timeout(600_000);
  let rig: Rig;

  before('build the site on bare hosts', async function () {
    this.timeout(0);
    rig = await bareRig('mariadb');
    const built = await provision(rig);
    expect(built.code, faultsOf(built)).to.equal(0);
  });

  const root = (host: string, command: string) => rootOn(rig, host, command);
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

  it('has the rules of before when the machine reboots before they are confirmed', async () => {
    const [before, boot] = [await rulesOf('web-01'), await bootOf(rig, 'web-01')];
    await rebootWhen(rig, 'web-01', `nft list table inet provision | grep -q ${ELSEWHERE}`);
    const lost = await provision(rig, '--limit', 'web-01', ...control(ELSEWHERE));
    expect(lost.code, faultsOf(lost)).to.not.equal(0);
    await until(async () => (await bootOf(rig, 'web-01')) !== boot);
    expect(await rulesOf('web-01')).to.equal(before);
    expect(await waitingGuards(rig, 'web-01')).to.equal('none');
  });
});
