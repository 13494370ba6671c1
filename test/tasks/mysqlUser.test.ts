import { expect } from 'chai';
import fc from 'fast-check';
import { mysqlAccount, type MysqlAccount } from '../../src/facts/mysqlAccount.js';
import { mysqlPrivileges } from '../../src/facts/mysqlPrivileges.js';
import type { Change } from '../../src/model/change.js';
import { InputError, PlanError } from '../../src/model/errors.js';
import type { Task } from '../../src/model/task.js';
import { mysqlUser } from '../../src/tasks/mysqlUser.js';
import { Secret, mask, reveal } from '../../src/util/secret.js';
import { applyLocally } from '../support/apply.js';
import { usePrivateMariadb } from '../support/mariadb.js';
import { aServer } from '../support/mysql.js';
import { planAfter, planOn } from '../support/plan.js';
import { fixture, parseRecorded } from '../support/recorded.js';

const password = new Secret(`it's a "päss\\word"`);
const read = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];
const onApp = { privileges: read, on: 'app.*' };

const servers = { 'mysql-9.7': 'mysql', 'mariadb-11.8': 'mariadb', 'mariadb-10.11': 'mariadb' } as const;

for (const [server, flavour] of Object.entries(servers)) {
  describe(`tasks/mysqlUser on ${server}`, () => {
    const [mysqlPrivilegesThere = []] = parseRecorded(fixture(`mysql/mysqlPrivileges.${server}.txt`), mysqlPrivileges({}));
    const recorded = parseRecorded(
      fixture(`mysql/mysqlAccount.${server}.txt`),
      ...['app@10.0.0.%', 'nobody@%', 'odd@%', 'boss@localhost', 'prometheus@localhost'].map((name) => {
        const [user = '', host = ''] = name.split('@');
        return mysqlAccount({ user, host });
      }),
    );
    const [app, , odd, boss, prometheus] = recorded;
    const values = (account: MysqlAccount | undefined) => ({
      mysqlServer: aServer({ flavour }),
      mysqlPrivileges: mysqlPrivilegesThere,
      mysqlAccount: account,
    });

    it('knows the password from the hash that the server made', async () => {
      const task = mysqlUser({ name: 'app', host: '10.0.0.%', password, grants: [onApp] });
      expect(await planOn(task, values(app))).to.deep.equal([]);
      const other = mysqlUser({ name: 'app', host: '10.0.0.%', password: new Secret('another-1'), grants: [onApp] });
      const [change] = await planOn(other, values(app));
      expect(change?.summary).to.equal('password');
      expect(change?.diff?.before).to.include('(another)');
      expect(await planAfter(other, values(app))).to.deep.equal([]);
    });

    it('creates an account without showing its password', async () => {
      const task = mysqlUser({ name: 'new', password, requireTls: true, maxConnections: 9, grants: [onApp] });
      const [change] = await planOn(task, values(undefined));
      expect(change?.summary).to.equal('create, grant SELECT, INSERT, UPDATE, DELETE on app.*');
      expect(change?.touches).to.deep.equal(['mysql:account/new@localhost', 'mysql:gtid']);
      const [create, grant] = statements(change);
      const proof = flavour === 'mysql' ? "WITH caching_sha2_password BY '•••'" : "VIA mysql_native_password USING '•••'";
      expect(create).to.equal(`CREATE USER 'new'@'localhost' IDENTIFIED ${proof} REQUIRE SSL WITH MAX_USER_CONNECTIONS 9`);
      expect(grant).to.equal("GRANT SELECT, INSERT, UPDATE, DELETE ON `app`.* TO 'new'@'localhost'");
      expect(JSON.stringify(change)).not.to.include('päss');
      expect(await planAfter(task, values(undefined))).to.deep.equal([]);
    });

    it('lets the password itself into no binary log', async () => {
      const [change] = await planOn(mysqlUser({ name: 'new', password: new Secret('plain-text') }), values(undefined));
      const step = change?.steps[0];
      const script = step?.kind === 'shell' ? reveal(step.script) : '';
      // MySQL logs the hash by itself; MariaDB logs what it is given.
      expect(script.includes('plain-text')).to.equal(flavour === 'mysql');
    });

    it('revokes what is not listed, roles and single columns too, unless told not to', async () => {
      const wanted = { name: 'odd', host: '%', password: new Secret('odd-pw-1'), requireTls: true, maxConnections: 5 };
      const grants = [{ privileges: ['replication slave', 'REPLICATION CLIENT'], on: '*.*' }];
      const [change] = await planOn(mysqlUser({ ...wanted, grants }), values(odd));
      const revoked = [...statements(change)].sort();
      expect(revoked).to.deep.equal(
        [
          ...(flavour === 'mysql'
            ? ["REVOKE BACKUP_ADMIN, CLONE_ADMIN ON *.* FROM 'odd'@'%'", "REVOKE `readers`@`%` FROM 'odd'@'%'"]
            : ["REVOKE `readers` FROM 'odd'@'%'"]),
          "REVOKE ALL PRIVILEGES ON `app\\_x`.* FROM 'odd'@'%'",
          "REVOKE GRANT OPTION ON `app\\_x`.* FROM 'odd'@'%'",
          "REVOKE SELECT, INSERT (`id`, `v`) ON `app`.`notes` FROM 'odd'@'%'",
        ].sort(),
      );
      expect(await planAfter(mysqlUser({ ...wanted, grants }), values(odd))).to.deep.equal([]);
      expect(await planOn(mysqlUser({ ...wanted, grants, exclusive: false }), values(odd))).to.deep.equal([]);
    });

    it('takes the names of a database literally, and keeps ALL apart from its parts', async () => {
      const wanted = { name: 'odd', host: '%', password: new Secret('odd-pw-1'), exclusive: false };
      const all = { privileges: ['all', 'grant option'], on: 'app_x.*' };
      expect(await planOn(mysqlUser({ ...wanted, grants: [all] }), values(odd))).to.deep.equal([]);
      const part = mysqlUser({ ...wanted, exclusive: true, grants: [{ privileges: ['SELECT'], on: 'app_x.*' }] });
      const [change] = await planOn(part, values(odd));
      expect(change?.summary).to.include('grant SELECT on app_x.*, revoke ALL PRIVILEGES, GRANT OPTION on app_x.*');
      const order = statements(change).filter((statement) => statement.includes('app\\_x'));
      expect(order.at(-1)).to.equal("GRANT SELECT ON `app\\_x`.* TO 'odd'@'%'");
    });

    it('sees ALL on *.*, however the server lists it', async () => {
      const wanted = { name: 'boss', password: new Secret('boss-pw-1') };
      const all = { privileges: ['ALL PRIVILEGES', 'GRANT OPTION'], on: '*.*' };
      expect(await planOn(mysqlUser({ ...wanted, grants: [all] }), values(boss))).to.deep.equal([]);
      const [less] = await planOn(mysqlUser({ ...wanted, grants: [{ privileges: ['ALL'], on: '*.*' }] }), values(boss));
      expect(less?.summary).to.equal('revoke GRANT OPTION on *.*');
      const [more] = await planOn(mysqlUser({ name: 'app', host: '10.0.0.%', password, grants: [onApp, all] }), values(app));
      expect(statements(more)).to.deep.equal(["GRANT ALL PRIVILEGES ON *.* TO 'app'@'10.0.0.%' WITH GRANT OPTION"]);
    });

    it('takes ALL on *.* back without touching what there is on databases', async () => {
      const task = mysqlUser({ name: 'boss', password: new Secret('boss-pw-1'), grants: [onApp] });
      const [change] = await planOn(task, values(boss));
      // MySQL's REVOKE ALL PRIVILEGES ON *.* would take the grant on app.* too.
      expect(statements(change).some((statement) => statement.startsWith('REVOKE ALL'))).to.equal(flavour === 'mariadb');
      if (flavour === 'mysql') expect(change?.summary).to.match(/revoke \d\d privileges on \*\.\*$/);
      expect(await planAfter(task, values(boss))).to.deep.equal([]);
    });

    it('lets accounts in over the socket', async () => {
      const task = mysqlUser({ name: 'prometheus', plugin: 'socket', grants: [{ privileges: ['PROCESS'], on: '*.*' }] });
      const [change] = await planOn(task, values(prometheus));
      expect(change?.summary).to.equal('grant PROCESS on *.*');
      const [turned] = await planOn(task, values(boss));
      expect(turned?.summary).to.match(/^plugin \w+ → (auth|unix)_socket, (grant PROCESS on \*\.\*, )?revoke/);
    });

    it('knows privileges by the other flavour’s names, and names a near one for a misspelt one', async () => {
      const wanted = { name: 'odd', host: '%', password: new Secret('odd-pw-1'), exclusive: false };
      const both = {
        privileges: ['REPLICATION REPLICA', flavour === 'mysql' ? 'BINLOG MONITOR' : 'REPLICATION CLIENT'],
        on: '*.*',
      };
      expect(await planOn(mysqlUser({ ...wanted, grants: [both] }), values(odd))).to.deep.equal([]);
      const error = await failure(mysqlUser({ ...wanted, grants: [{ privileges: ['SELCT'], on: 'app.*' }] }), values(odd));
      expect(error).to.be.instanceOf(PlanError).with.property('message').that.includes('did you mean "SELECT"?');
    });

    it('drops an account, and refuses to write to a read-only server', async () => {
      const gone = mysqlUser({ name: 'odd', host: '%', state: 'absent' });
      const [change] = await planOn(gone, values(odd));
      expect(statements(change)).to.deep.equal(["DROP USER 'odd'@'%'"]);
      const error = await failure(gone, { ...values(odd), mysqlServer: aServer({ flavour, readOnly: true }) });
      expect(error)
        .to.be.instanceOf(PlanError)
        .with.property('message')
        .that.includes('users are made on the primary and replicate');
    });
  });
}

describe('tasks/mysqlUser', () => {
  it('refuses options that make no sense', () => {
    expect(() => mysqlUser({ name: 'app' })).to.throw(InputError, "exactly one of password and plugin: 'socket'");
    expect(() => mysqlUser({ name: 'app', password: 'plain' as never })).to.throw(InputError, 'expected a Secret');
    expect(() => mysqlUser({ name: 'root', plugin: 'socket' })).to.throw(InputError, "not the server's own");
    const bad = { privileges: ['SELECT'], on: 'app' };
    expect(() => mysqlUser({ name: 'app', password, grants: [bad] })).to.throw(InputError, 'expected *.*, database.*');
  });
});

describe('tasks/mysqlUser on a real server', () => {
  const server = usePrivateMariadb();

  it('makes an account that can log in, and finds it so', async () => {
    const task = mysqlUser({ name: 'it`s', host: '%', password, requireTls: false, maxConnections: 3 });
    expect(await applyLocally(task)).to.have.length(1);
    expect(await applyLocally(task)).to.have.length(0);
    const proof = server.sql(
      "SELECT authentication_string = PASSWORD('it\\'s a \"päss\\\\word\"') FROM mysql.user WHERE User = 'it`s'",
    );
    expect(proof).to.equal('1\n');
  });

  it('converges from any grants to any others', async function () {
    this.timeout(120_000);
    const privileges = fc.uniqueArray(fc.constantFrom('SELECT', 'INSERT', 'CREATE VIEW', 'ALL', 'GRANT OPTION'), {
      minLength: 1,
    });
    const on = fc.constantFrom('*.*', 'app_x.*', 'app%.*', 'app.notes');
    const grants = fc.uniqueArray(fc.record({ privileges, on }), { maxLength: 3, selector: (grant) => grant.on });
    server.sql('CREATE DATABASE app; CREATE TABLE app.notes (id INT)');
    await fc.assert(
      fc.asyncProperty(grants, async (wanted) => {
        await applyLocally(mysqlUser({ name: 'any', host: '%', plugin: 'socket', grants: wanted }));
      }),
      { numRuns: 15 },
    );
  });
});

/** The statements of a change as they are shown, without the session's own. */
function statements(change: Change | undefined): readonly string[] {
  const step = change?.steps[0];
  if (step?.kind !== 'shell') return [];
  return mask(step.script)
    .split('\n')
    .filter((line) => /^[A-Z].*;$/.test(line) && !line.startsWith('SET SESSION'))
    .map((line) => line.slice(0, -1));
}

function failure(task: Task, values: Readonly<Record<string, unknown>>): Promise<unknown> {
  return planOn(task, values).then(
    () => undefined,
    (error: unknown) => error,
  );
}
