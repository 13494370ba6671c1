import { expect } from 'chai';
import type { Rig } from '../rig/rig.js';
import { bareRig } from '../rig/sharedRig.js';
import { faultsOf, provision, tasksThat, type Provisioned } from './support/provision.js';
import { until } from './support/until.js';

const TASK = 'web-02: mysqlReplica of web-01';
const OVERWRITE = ['--extra-vars', 'mysql_replica_overwrite=true'];

/** What goes wrong with replicas, done to a real one: each has a cure, or an error that says what to do. */
for (const flavour of ['mariadb', 'mysql'] as const) {
  describe(`a replica in trouble, with ${flavour}`, function () {
    this.timeout(300_000);
    let rig: Rig;

    before('build the database servers', async function () {
      this.timeout(0);
      rig = await bareRig(flavour);
      await healed('--tags', 'mysql');
      await sql('web-01', 'CREATE DATABASE IF NOT EXISTS app; CREATE TABLE IF NOT EXISTS app.rows (id INT PRIMARY KEY)');
    });

    async function root(host: string, command: string, input?: string): Promise<string> {
      const result = await rig.ssh(host, command, { root: true, ...(input === undefined ? {} : { input }) });
      expect(result.code, `${command} on ${host}: ${result.stderr}`).to.equal(0);
      return result.stdout.trim();
    }
    const client = flavour === 'mysql' ? 'mysql' : 'mariadb';
    const sql = (host: string, statements: string) => root(host, `${client} -N -B`, statements);
    const status = (host: string) => root(host, `${client} -E`, 'SHOW REPLICA STATUS');
    /** MariaDB lets root write to a read-only server as it is. */
    const byHand = (statements: string) =>
      sql(
        'web-02',
        flavour === 'mysql' ? `SET GLOBAL super_read_only = OFF; ${statements}; SET GLOBAL super_read_only = ON` : statements,
      );
    const replicate = (...args: readonly string[]) => provision(rig, '--tags', 'replication', ...args);

    async function healed(...args: readonly string[]): Promise<Provisioned> {
      const result = await provision(rig, ...args);
      expect(result.code, faultsOf(result)).to.equal(0);
      return result;
    }
    async function cured(...args: readonly string[]): Promise<void> {
      const result = await healed('--tags', 'replication', ...args);
      expect(tasksThat(result, 'changed')).to.deep.equal([TASK]);
      expect(tasksThat(await healed('--tags', 'replication'), 'changed')).to.deep.equal([]);
      const count = 'SELECT COUNT(*) FROM app.rows';
      await until(async () => (await sql('web-02', count)) === (await sql('web-01', count)));
    }
    async function refused(message: RegExp): Promise<void> {
      const result = await replicate();
      expect(result.code).to.equal(1);
      expect(tasksThat(result, 'failed')).to.deep.equal([TASK]);
      expect(faultsOf(result))
        .to.match(message)
        .and.to.match(/overwrite: true/);
    }

    it('explains rows that differ, and copies afresh only when told to', async () => {
      await byHand('SET sql_log_bin = 0; INSERT INTO app.rows VALUES (1)');
      await sql('web-01', 'INSERT INTO app.rows VALUES (1)');
      await until(async () => (await status('web-02')).includes('SQL_Running: No'));
      await refused(/something else wrote to this replica \(error 1062: .*would overwrite database app/);
      await cured(...OVERWRITE);
    });

    it('does not throw away what a server has of its own, unless told to', async () => {
      await byHand('STOP REPLICA; RESET REPLICA ALL; CREATE DATABASE own');
      await refused(/this server has .*transaction.* that web-01 does not have: .*own \(0 tables\)/);
      expect(await sql('web-02', "SHOW DATABASES LIKE 'own'")).to.equal('own');
      await cured(...OVERWRITE);
      expect(await sql('web-02', "SHOW DATABASES LIKE 'own'")).to.equal('');
    });

    it('takes up a new password of the replication account', async () => {
      const rotated = ['--tags', 'mysql', '--extra-vars', 'mysql_replication_password=rotated-password-1'];
      expect(tasksThat(await healed(...rotated), 'changed')).to.include(TASK);
      expect(tasksThat(await healed(...rotated), 'changed')).to.deep.equal([]);
      expect(tasksThat(await healed('--tags', 'mysql'), 'changed')).to.include(TASK);
    });

    if (flavour === 'mysql') {
      it('gives a copied machine a server_uuid of its own', async () => {
        const uuid = await sql('web-01', 'SELECT @@server_uuid');
        await root(
          'web-02',
          `systemctl stop mysql; cat > /var/lib/mysql/auto.cnf; systemctl start mysql`,
          `[auto]\nserver-uuid=${uuid}\n`,
        );
        await cured();
        expect(await sql('web-02', 'SELECT @@server_uuid')).not.to.equal(uuid);
      });
    } else {
      it('puts the old data back where the server does not start with the copied ones', async () => {
        const dropIn = '/run/systemd/system/mariadb.service.d';
        const check = '[Service]\nExecStartPre=/bin/sh -c "! [ -e /var/lib/mysql/.provision-old ]"\n';
        await root('web-02', `mkdir -p ${dropIn}; cat > ${dropIn}/x.conf; systemctl daemon-reload`, check);
        await sql('web-02', 'STOP REPLICA; RESET REPLICA ALL; CREATE DATABASE own');
        const result = await replicate(...OVERWRITE);
        expect(faultsOf(result)).to.include('the server did not start with the copied data; its own are back in place');
        expect(await sql('web-02', "SHOW DATABASES LIKE 'own'")).to.equal('own');
        await root('web-02', `rm -r ${dropIn}; systemctl daemon-reload`);
        await cured(...OVERWRITE);
      });
    }
  });
}
