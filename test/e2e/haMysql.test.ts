import { expect } from 'chai';
import type { Rig } from '../rig/rig.js';
import { siteOf } from '../rig/siteClient.js';
import { firing, query } from './support/alerts.js';
import { converge, haRig, stopHaRig } from './support/haRig.js';
import { root } from './support/root.js';
import { failOverUnderLoad, reviveServer } from './support/killedPrimary.js';
import { provisionText, tasksThat } from './support/provision.js';
import { until } from './support/until.js';

const MON = 'mon-01';

/** What of the site with five hosts depends on the database server: the rest is shown with MariaDB. */
describe('five hosts, with MySQL', function () {
  this.timeout(600_000);
  let rig: Rig;

  before('start bare hosts', async function () {
    this.timeout(0);
    rig = await haRig({ flavour: 'mysql' });
  });
  after('take them down', async function () {
    this.timeout(60_000);
    await stopHaRig(rig);
  });

  const address = () => (rig.hosts['lb-01']?.address ?? '').replace(/\.\d+$/, '.100');
  const fires = (...names: readonly string[]) =>
    until(async () => {
      const now = await firing(rig, MON);
      return names.every((name) => now.includes(name));
    }, 120);
  const quiet = () => until(async () => (await firing(rig, MON)).length === 0, 180);

  it('are built in one run, and a second run has nothing to do on any of them', async () => {
    await converge(rig);
    const again = await converge(rig, '--detailed-exitcode');
    expect(tasksThat(again, 'changed', 'unknown', 'failed')).to.deep.equal([]);
  });

  it('are watched, and all is well', async () => {
    await until(async () => (await query(rig, MON, 'mysql_up == 1')).length === 2, 60);
    expect(await query(rig, MON, 'mysql_slave_status_replica_io_running == 1')).to.have.length(1);
    await quiet();
    await until(async () => (await provisionText(rig, 'status')).stdout.includes('all is well: 5 of 5 hosts reached'));
  });

  it('tell when replication stops and when two servers take writes, and that it is over', async () => {
    const sql = (statement: string) => root(rig, 'web-02', 'mysql', statement);
    await sql('STOP REPLICA SQL_THREAD; SET GLOBAL super_read_only = OFF; SET GLOBAL read_only = OFF');
    await fires('ReplicationBroken', 'NoOrTwoWritableDatabases');
    await sql('SET GLOBAL super_read_only = ON; START REPLICA SQL_THREAD');
    await quiet();
  });

  it('serve reads and take writes again through their address when the primary is killed and replaced', async () => {
    await failOverUnderLoad(rig, { ...siteOf(rig), address: address() }, { flavour: 'mysql', primary: 'web-01', next: 'web-02' });
    await fires('DatabaseDown');
    await reviveServer(rig, 'web-01', 'mysql');
    const { code, stdout, stderr } = await provisionText(rig, 'db', 'rejoin', 'web-01', '--reclone', '--yes');
    expect(code, stdout + stderr).to.equal(0);
    expect(tasksThat(await converge(rig), 'changed')).to.deep.equal([]);
    await quiet();
  });
});
