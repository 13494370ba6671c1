import { expect } from 'chai';
import type { ServerStatus } from '../../src/database/status.js';
import type { Rig } from '../rig/rig.js';
import { bareRig } from '../rig/sharedRig.js';
import { siteOf, type Site } from '../rig/siteClient.js';
import { closedFor, failOverUnderLoad, LONGEST_CLOSED, missingNotes, reviveServer } from './support/killedPrimary.js';
import { faultsOf, provision, provisionText, tasksThat, type Ended } from './support/provision.js';
import { until } from './support/until.js';
import { writeLoad } from './support/writeLoad.js';

for (const flavour of ['mariadb', 'mysql'] as const) {
  describe(`the database servers, with ${flavour}`, function () {
    this.timeout(300_000);
    let rig: Rig;
    let site: Site;

    before('build the site', async function () {
      this.timeout(0);
      rig = await bareRig(flavour);
      site = siteOf(rig);
      await converged();
    });

    const unit = flavour;
    async function root(host: string, command: string, input?: string): Promise<string> {
      const result = await rig.ssh(host, command, { root: true, ...(input === undefined ? {} : { input }) });
      expect(result.code, `${command} on ${host}: ${result.stderr}`).to.equal(0);
      return result.stdout.trim();
    }
    const sql = (host: string, statements: string) => root(host, `${flavour} -N -B`, statements);
    const open = flavour === 'mysql' ? 'SET GLOBAL super_read_only = OFF; SET GLOBAL read_only = OFF; ' : '';
    const db = (...args: readonly string[]): Promise<Ended> =>
      provisionText(rig, 'db', ...args.filter((word) => word !== ''), '--output', 'plain');

    async function done(...args: readonly string[]): Promise<Ended> {
      const result = await db(...args, '--yes');
      expect(result.code, `${result.stdout}\n${result.stderr}`).to.equal(0);
      return result;
    }
    async function converged() {
      const result = await provision(rig);
      expect(result.code, faultsOf(result)).to.equal(0);
      return result;
    }
    async function status(): Promise<Record<string, ServerStatus>> {
      const { stdout } = await provisionText(rig, 'db', 'status', '--output', 'json');
      const lines = stdout.split('\n').filter((line) => line !== '');
      return Object.fromEntries(lines.map((line) => JSON.parse(line) as ServerStatus).map((one) => [one.host, one]));
    }
    async function roles(primary: string, replica: string): Promise<void> {
      const now = await status();
      expect(now[primary], JSON.stringify(now)).to.deep.include({ role: 'primary', readOnly: false });
      expect(now[replica], JSON.stringify(now)).to.deep.include({
        role: 'replica',
        readOnly: true,
        source: primary,
        replication: 'running',
      });
    }
    const missing = (host: string, name: string, acknowledged: readonly string[]) =>
      missingNotes(rig, { host, flavour, name }, acknowledged);

    it('tells who takes the writes, who follows, and how', async () => {
      await roles('web-01', 'web-02');
      const now = await status();
      expect(now['web-01']?.semiSync).to.equal('waits for 1');
      expect(now['web-02']).to.deep.include({ semiSync: 'acknowledges', lagSeconds: 0 });
      expect(now['web-02']?.position).to.equal(now['web-01']?.position);
    });

    it('opens the primary again after a restart, by itself', async () => {
      await root('web-01', `systemctl restart ${unit}`);
      await until(async () => (await sql('web-01', 'SELECT @@read_only')) === '0');
      expect(await root('web-01', 'journalctl -u provision-db-guard -o cat --no-pager')).to.contain('opened for writes');
      await until(async () => (await status())['web-01']?.semiSync === 'waits for 1');
    });

    it('says what a switchover would do, and does nothing, in a dry run', async () => {
      const dry = await db('switchover', 'web-02', '--check');
      expect(dry.code).to.equal(0);
      expect(dry.stdout).to.match(/web-01 +would change +close[^]*web-02 +would change +open/);
      await roles('web-01', 'web-02');
    });

    it('refuses what would lose data, and changes nothing', async () => {
      const alive = await db('failover', 'web-02', '--yes');
      expect(alive.code).to.equal(5);
      expect(alive.stderr).to.contain('web-01 answers and takes writes');
      await sql('web-02', flavour === 'mysql' ? 'STOP REPLICA SQL_THREAD' : 'STOP SLAVE SQL_THREAD');
      const broken = await db('switchover', 'web-02', '--yes');
      expect(broken.code).to.equal(5);
      expect(broken.stderr).to.contain('its applier is stopped');
      await sql('web-02', flavour === 'mysql' ? 'START REPLICA' : 'START SLAVE');
      const unknown = await db('switchover', 'web-03', '--yes');
      expect(unknown.code).to.equal(4);
      await roles('web-01', 'web-02');
    });

    it('goes back where the new primary does not get all that the old one has in time', async () => {
      const hold = `FLUSH TABLES WITH READ LOCK; SELECT SLEEP(10)`;
      await root('web-02', `systemd-run --quiet --collect --unit=hold ${flavour} -e '${hold}'`);
      await until(async () => (await sql('web-02', 'SHOW PROCESSLIST')).includes('SLEEP(10)'));
      await sql('web-01', "INSERT INTO app.notes (text, host) VALUES ('held back', 1)");
      const result = await db('switchover', 'web-02', '--max-lag', '60', '--wait', '2', '--yes');
      expect(result.code, result.stdout).to.equal(1);
      expect(result.stdout).to.contain('went back: web-01 takes the writes as before');
      await roles('web-01', 'web-02');
      await sql('web-01', "INSERT INTO app.notes (text, host) VALUES ('written after it', 1)");
      await until(async () => (await sql('web-02', 'SELECT text FROM app.notes')).includes('written after it'));
    });

    it('switches over under load without losing a write', async () => {
      const load = writeLoad(site, 'planned', 4);
      await until(() => Promise.resolve(load.lastWrite() > 0));
      const result = await done('switchover', 'web-02');
      const after = performance.now();
      await until(() => Promise.resolve(load.lastWrite() > after));
      const { acknowledged, readFailures } = await load.stop();
      expect(closedFor(result.stdout)).to.be.lessThan(LONGEST_CLOSED);
      expect(await missing('web-02', 'planned', acknowledged)).to.deep.equal([]);
      expect(readFailures).to.deep.equal([]);
      await roles('web-02', 'web-01');
    });

    it('does not turn it back, nor change anything else, in the next run', async () => {
      expect(tasksThat(await converged(), 'changed')).to.deep.equal([]);
      await roles('web-02', 'web-01');
    });

    it('fails over when the primary is killed under load, and loses no acknowledged write', async () => {
      await failOverUnderLoad(rig, site, { flavour, primary: 'web-02', next: 'web-01' });
    });

    it('keeps the killed one read-only when it starts again, and has it rejoin', async () => {
      await reviveServer(rig, 'web-02', unit);
      const log = () => root('web-02', 'journalctl -u provision-db-guard -o cat --no-pager -n 5');
      await until(async () => (await log()).includes('web-01 takes writes: this server stays read-only'));
      expect((await status())['web-02']).to.deep.include({ role: 'read-only', readOnly: true });
      // What was on its way when it was killed, and acknowledged to nobody, may be in its own binary log only.
      await done('rejoin', 'web-02', '--reclone');
      await roles('web-01', 'web-02');
      expect(tasksThat(await converged(), 'changed')).to.deep.equal([]);
      await roles('web-01', 'web-02');
    });

    it('has a primary that was shut down rejoin with what it has', async () => {
      await root('web-01', `systemctl stop ${unit}`);
      await done('failover', 'web-02');
      await root('web-01', `systemctl start ${unit}`);
      const started = await sql('web-01', "SHOW GLOBAL STATUS LIKE 'Uptime'");
      await done('rejoin', 'web-01');
      await roles('web-02', 'web-01');
      // A copy would have restarted it.
      const now = await sql('web-01', "SHOW GLOBAL STATUS LIKE 'Uptime'");
      expect(Number(now.split('\t')[1])).to.be.at.least(Number(started.split('\t')[1]));
    });

    it('throws transactions of its own away only when told to', async () => {
      await sql(
        'web-01',
        `${open}${flavour === 'mysql' ? 'STOP REPLICA' : 'STOP SLAVE'}; INSERT INTO app.notes (text, host) VALUES ('errant', 'web-01')`,
      );
      const errant = await db('rejoin', 'web-01', '--yes');
      expect(errant.code).to.equal(5);
      expect(errant.stderr).to.match(/web-01 has .*transaction.* that web-02 does not have[^]*--reclone/);
      await done('rejoin', 'web-01', '--reclone');
      expect(await sql('web-01', "SELECT COUNT(*) FROM app.notes WHERE text = 'errant'")).to.equal('0');
      await roles('web-02', 'web-01');
    });

    it('changes nothing where two servers take writes, and says so', async () => {
      await sql('web-01', `STOP REPLICA; RESET REPLICA ALL; ${open}SET GLOBAL read_only = OFF`);
      const run = await provision(rig, '--tags', 'mysql');
      expect(run.code).to.equal(1);
      expect(faultsOf(run)).to.contain('web-01 and web-02 both take writes');
      expect(tasksThat(run, 'changed')).to.deep.equal([]);
      expect((await db('switchover', 'web-01', '--yes')).code).to.equal(5);
      await sql('web-01', flavour === 'mysql' ? 'SET GLOBAL super_read_only = ON' : 'SET GLOBAL read_only = ON');
      await done('rejoin', 'web-01');
      await roles('web-02', 'web-01');
    });

    it('backs up on the replica at night, and lets old backups go once there is a newer one', async () => {
      const folder = '/var/backups/mysql';
      const old = `${folder}/web-01-20200101T000000Z.sql.gz`;
      await root('web-01', `touch -d '40 days ago' ${old}; systemctl start provision-db-backup.service`);
      await root('web-02', 'systemctl start provision-db-backup.service');
      expect(await root('web-01', `ls ${folder}`)).to.match(/^web-01-20(?!20)\d{6}T\d{6}Z\.sql\.gz$/);
      expect(await root('web-02', `ls ${folder}`)).to.equal('');
      expect(await root('web-01', `stat -c '%a %U' ${folder}/*.gz`)).to.equal('600 root');
      expect(await root('web-01', 'systemctl is-active provision-db-backup.timer')).to.equal('active');
    });

    it('restores what was lost, on all servers, from a backup of any of them', async () => {
      await sql('web-02', "INSERT INTO app.notes (text, host) VALUES ('precious', 'test')");
      const count = "SELECT COUNT(*) FROM app.notes WHERE text = 'precious'";
      await until(async () => (await sql('web-01', count)) === '1');
      const made = await done('backup');
      expect(made.stdout).to.match(/web-01 +changed +backup/);
      await sql('web-02', 'DELETE FROM app.notes; CREATE TABLE app.later (id INT PRIMARY KEY)');
      const [newest] = (await provisionText(rig, 'db', 'backups', '--output', 'json')).stdout.split('\n');
      const { host, file } = JSON.parse(newest ?? '{}') as { host: string; file: string };
      expect(host).to.equal('web-01');
      await done('restore', '--file', file);
      expect(await sql('web-02', count)).to.equal('1');
      expect(await sql('web-02', "SHOW TABLES FROM app LIKE 'later'")).to.equal('');
      await until(async () => (await sql('web-01', count)) === '1');
      await roles('web-02', 'web-01');
      // What was there before is in a backup of its own.
      expect(await root('web-02', 'ls /var/backups/mysql')).to.match(/^web-02-/);
      expect((await db('restore', '--file', 'none.sql.gz', '--yes')).code).to.equal(4);
    });
  });
}
