import { expect } from 'chai';
import { InputError, PlanError } from '../../src/model/errors.js';
import { mysqlDatabase } from '../../src/tasks/mysqlDatabase.js';
import { applyLocally } from '../support/apply.js';
import { usePrivateMariadb } from '../support/mariadb.js';
import { aServer } from '../support/mysql.js';
import { planAfter, planOn } from '../support/plan.js';

const legacy = { name: 'legacy', charset: 'latin1', collation: 'latin1_swedish_ci', tables: 3 };
const mysqlServer = aServer();

describe('tasks/mysqlDatabase', () => {
  it('creates what is missing, and predicts it', async () => {
    const values = { mysqlServer, mysqlDatabases: [legacy] };
    const [change] = await planOn(mysqlDatabase({ name: 'my`app' }), values);
    expect(change).to.deep.include({ summary: 'create, utf8mb4', touches: ['mysql:databases', 'mysql:gtid'] });
    expect(String(change?.steps[0].kind === 'shell' && change.steps[0].script)).to.include(
      '\nCREATE DATABASE `my``app` CHARACTER SET utf8mb4;\n',
    );
    expect(await planAfter(mysqlDatabase({ name: 'my`app' }), values)).to.deep.equal([]);
  });

  it('says what another character set does not do, and takes utf8 for utf8mb3', async () => {
    const [change] = await planOn(mysqlDatabase({ name: 'legacy' }), { mysqlServer, mysqlDatabases: [legacy] });
    expect(change?.summary).to.equal('character set latin1 → utf8mb4 (of new tables: 3 keep theirs)');
    const old = { ...legacy, charset: 'utf8mb3' };
    expect(
      await planOn(mysqlDatabase({ name: 'legacy', charset: 'utf8' }), { mysqlServer, mysqlDatabases: [old] }),
    ).to.deep.equal([]);
  });

  it('drops with a count of what is lost', async () => {
    const [change] = await planOn(mysqlDatabase({ name: 'legacy', state: 'absent' }), { mysqlServer, mysqlDatabases: [legacy] });
    expect(change?.summary).to.equal('drop with 3 tables');
  });

  it('writes nothing to a read-only server, but is content with what was replicated to it', async () => {
    const replica = { ...mysqlServer, readOnly: true, superReadOnly: true };
    const error = await planOn(mysqlDatabase({ name: 'app' }), { mysqlServer: replica, mysqlDatabases: [] }).catch(
      (caught: unknown) => caught,
    );
    expect(error)
      .to.be.instanceOf(PlanError)
      .with.property('message', 'this server is read-only: databases are made on the primary and replicate');
    const app = { ...legacy, name: 'app', charset: 'utf8mb4' };
    expect(await planOn(mysqlDatabase({ name: 'app' }), { mysqlServer: replica, mysqlDatabases: [app] })).to.deep.equal([]);
  });

  it('says what to do where there is no server', async () => {
    for (const [server, hint] of [
      [{ state: 'absent' }, /install/],
      [{ state: 'stopped', message: 'ERROR 2002' }, /start it/],
    ] as const) {
      const error = await planOn(mysqlDatabase({ name: 'app' }), { mysqlServer: server, mysqlDatabases: [] }).catch(
        (caught: unknown) => caught,
      );
      expect(error).to.be.instanceOf(PlanError).with.property('hint').that.matches(hint);
    }
  });

  it("refuses the server's own databases", () => {
    expect(() => mysqlDatabase({ name: 'MySQL' })).to.throw(InputError, "not the server's own");
    expect(() => mysqlDatabase({ name: 'a', charset: "utf8'; DROP" })).to.throw(InputError, 'expected a character set');
  });

  describe('on a real server', () => {
    const server = usePrivateMariadb();

    it('creates, alters and drops, and is then content', async () => {
      expect(await applyLocally(mysqlDatabase({ name: 'my `app' }))).to.have.length(1);
      expect(await applyLocally(mysqlDatabase({ name: 'my `app' }))).to.have.length(0);
      await applyLocally(mysqlDatabase({ name: 'my `app', charset: 'latin1', collation: 'latin1_bin' }));
      expect(server.sql('SHOW CREATE DATABASE `my ``app`')).to.include('latin1 COLLATE latin1_bin');
      await applyLocally(mysqlDatabase({ name: 'my `app', state: 'absent' }));
      expect(server.sql("SHOW DATABASES LIKE 'my%app'")).to.equal('');
    });
  });
});
