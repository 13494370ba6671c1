import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/util/packageRoot.js';
import type { Rig } from '../rig/rig.js';
import { bareRig } from '../rig/sharedRig.js';
import { ask, siteOf, type Site } from '../rig/siteClient.js';
import { keepAliveLoad } from './support/http.js';
import { faultsOf, provision, tasksThat, type Provisioned } from './support/provision.js';
import { until } from './support/until.js';

const WEBS = ['web-01', 'web-02'];
const DEPLOY = join(packageRoot(), 'playbooks/deploy.ts');
const ROLLBACK = join(packageRoot(), 'playbooks/rollback.ts');

/** So many requests are answered while releases are replaced, and none fails. */
const MANY = 50_000;

/** Of each web server, what administrators want of it: 0 is to serve. */
const ADMIN_STATES =
  "echo 'show servers state be_web' | socat - /run/haproxy/admin.sock | awk '$4 ~ /^web/ { print $4, $7 }' | sort";

describe('deployments, one web server after the other', function () {
  this.timeout(600_000);
  let rig: Rig;
  let site: Site;
  let folder: string;

  before('build the site', async function () {
    this.timeout(0);
    rig = await bareRig('mariadb');
    site = siteOf(rig);
    folder = mkdtempSync(join(tmpdir(), 'deploy-'));
    const built = await provision(rig);
    expect(built.code, faultsOf(built)).to.equal(0);
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** The project's own application, as another release. */
  function release(name: string): string {
    const copy = join(folder, name);
    cpSync(join(packageRoot(), 'dist/app'), copy, { recursive: true });
    appendFileSync(join(copy, 'server.js'), `\n// ${name}\n`);
    return copy;
  }
  const named = (name: string, ...more: readonly string[]): readonly string[] => [
    ...['app_source=' + release(name), `app_version=${name}`, 'app_health_names_release=true', ...more].flatMap((one) => [
      '-e',
      one,
    ]),
  ];
  const deploy = (name: string, ...more: readonly string[]): Promise<Provisioned> =>
    provision(rig, DEPLOY, ...named(name, ...more), '--detailed-exitcode');
  async function root(host: string, command: string): Promise<string> {
    const { code, stdout, stderr } = await rig.ssh(host, command, { root: true });
    expect(code, `${command} on ${host}: ${stderr}`).to.equal(0);
    return stdout.trim();
  }
  const running = (host: string): Promise<string> => root(host, 'basename "$(readlink /srv/foobar/current)"');
  /** Of each web server, what HAProxy says of it. */
  async function states(): Promise<Readonly<Record<string, string>>> {
    const stat = await root('lb-01', "echo 'show stat -1 4 -1' | socat - /run/haproxy/admin.sock");
    const rows = stat.split('\n').map((line) => line.split(','));
    const mine = rows.flatMap((row): [string, string][] => (WEBS.includes(row[1] ?? '') ? [[row[1] ?? '', row[17] ?? '']] : []));
    return Object.fromEntries(mine);
  }
  const ready = () => until(async () => Object.values(await states()).every((state) => state.startsWith('UP')) || undefined);

  it('replaces releases while the site is served, without a request lost, and is content then', async () => {
    const load = keepAliveLoad(site, 8);
    for (let round = 0; load.requests() < MANY || round < 2 || round % 2 === 1; round++) {
      const done = await deploy(round % 2 === 0 ? 'r0' : 'r1');
      expect(done.code, faultsOf(done)).to.equal(2);
    }
    const { requests, failures } = await load.stop();
    expect(failures, `of ${requests} requests`).to.deep.equal([]);
    expect(await Promise.all(WEBS.map(running))).to.deep.equal(['r1', 'r1']);
    expect((await ask(site, '/')).headers['x-release']).to.equal('r1');
    const again = await deploy('r1');
    expect(again.code, faultsOf(again)).to.equal(0);
    expect(tasksThat(again, 'changed')).to.deep.equal([]);
    await ready();
  });

  it('changes no host where the migration fails', async () => {
    const dry = await provision(rig, DEPLOY, ...named('r2', 'app_migration="exit 1"'), '--check');
    expect(tasksThat(dry, 'unknown', 'failed')).to.deep.equal([]);
    const done = await deploy('r2', 'app_migration="exit 1"');
    expect(tasksThat(done, 'failed')).to.deep.equal(['web-01: command migrate to r2']);
    expect(await Promise.all(WEBS.map(running))).to.deep.equal(['r1', 'r1']);
    await ready();
  });

  it('migrates once, before any host runs the release', async () => {
    const done = await deploy('r2', 'app_migration="env | grep -c ^DB_NAME="');
    expect(done.code, faultsOf(done)).to.equal(2);
    expect(tasksThat(done, 'changed').filter((task) => task.includes('migrate'))).to.deep.equal([
      'web-01: command migrate to r2',
    ]);
    expect(await Promise.all(WEBS.map(running))).to.deep.equal(['r2', 'r2']);
  });

  it('goes back to the release of before, or to one that is named, and names those that are there', async () => {
    const back = await provision(rig, ROLLBACK);
    expect(back.code, faultsOf(back)).to.equal(0);
    expect(await Promise.all(WEBS.map(running))).to.deep.equal(['r1', 'r1']);
    const wrong = await provision(rig, ROLLBACK, '-e', 'app_rollback_to=r7');
    expect(wrong.code).to.not.equal(0);
    expect(faultsOf(wrong)).to.include('the release r7 is not there any more: there are').and.to.include('r2');
    const named = await provision(rig, ROLLBACK, '-e', 'app_rollback_to=r2');
    expect(named.code, faultsOf(named)).to.equal(0);
    expect(await Promise.all(WEBS.map(running))).to.deep.equal(['r2', 'r2']);
  });

  it('stops at the first server that does not come through, which serves its old release again', async () => {
    const source = release('broken');
    writeFileSync(join(source, 'server.js'), 'process.exit(1);\n');
    const load = keepAliveLoad(site, 4);
    const done = await provision(rig, DEPLOY, '-e', `app_source=${source}`, '-e', 'app_version=broken');
    const { requests, failures } = await load.stop();
    expect(done.code).to.not.equal(0);
    expect(tasksThat(done, 'failed')).to.deep.equal(['web-01: service foobar.service']);
    expect(failures, `of ${requests} requests`).to.deep.equal([]);
    expect(await Promise.all(WEBS.map(running))).to.deep.equal(['r2', 'r2']);
    await ready();
    expect((await ask(site, '/')).headers['x-release']).to.equal('r2');
  });

  it('does the same for whoever presses Ctrl-C', async () => {
    const args = [join(packageRoot(), 'dist/cli/main.cjs'), DEPLOY, '-i', rig.inventoryFile, '--output', 'plain', ...named('r3')];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (text: Buffer) => (said += text.toString()));
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await until(async () => (await states())['web-01']?.startsWith('DRAIN') || undefined, 60);
    child.kill('SIGINT');
    expect(await ended, said).to.equal(130);
    expect(said).to.include('bringing back what must not stay as it is');
    expect(await Promise.all(WEBS.map(running))).to.deep.equal(['r2', 'r2']);
    await ready();
  });

  it('puts a server back that somebody has taken out, though it runs the release already', async () => {
    await root('lb-01', "echo 'set server be_web/web-01 state drain' | socat - /run/haproxy/admin.sock");
    const done = await deploy('r2');
    expect(done.code, faultsOf(done)).to.equal(2);
    expect(tasksThat(done, 'changed')).to.deep.equal(['web-01: haproxyServer be_web/web-01 ready on lb-01']);
    expect(await states()).to.deep.equal({ 'web-01': 'UP', 'web-02': 'UP' });
  });

  it('puts a server back that dies while it is taken out, so that it serves by itself once it is there again', async () => {
    // web-01 has the primary database. It is cut off when it has the new release, for longer than a connection is waited for, and comes back by itself.
    const gateway = await root('web-02', "ip route show default | cut -d ' ' -f 3");
    const cut = `until readlink /srv/foobar/current | grep -q r4; do sleep 0.02; done; ip link set host0 down; sleep 150; ip link set host0 up; ip route replace default via ${gateway}`;
    await root('web-02', `systemd-run --quiet --collect sh -c '${cut}'`);
    const load = keepAliveLoad(site, 4);
    const done = await deploy('r4');
    const { requests, failures } = await load.stop();
    expect(done.code).to.not.equal(0);
    const notes = done.events.flatMap((event) => (event.type === 'note' ? [event.text] : [])).join('\n');
    expect(notes, faultsOf(done)).to.include('could not be brought back itself').and.include('for it on lb-01');
    expect(failures, `of ${requests} requests`).to.deep.equal([]);
    expect(await root('lb-01', ADMIN_STATES)).to.equal('web-01 0\nweb-02 0');
    await until(async () => (await states())['web-02'] === 'UP' || undefined, 150);
    // It may have come to its end while it was away, or not.
    const again = await deploy('r4');
    expect(again.code, faultsOf(again)).to.be.oneOf([0, 2]);
    expect(await Promise.all(WEBS.map(running))).to.deep.equal(['r4', 'r4']);
    await ready();
  });

  it('refuses to leave the site without a server', async () => {
    await root('web-02', 'systemctl stop foobar.service');
    await until(async () => (await states())['web-02']?.startsWith('DOWN') || undefined);
    const done = await deploy('r5');
    expect(done.code).to.equal(1);
    expect(faultsOf(done)).to.include('web-01 is needed: no other server of be_web is up');
    expect((await states())['web-01']).to.equal('UP');
    expect(await running('web-01')).to.equal('r4');
    await root('web-02', 'systemctl start foobar.service');
    await ready();
  });
});
