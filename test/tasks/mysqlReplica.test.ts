import { expect } from 'chai';
import { mysqlReplication } from '../../src/facts/mysqlReplication.js';
import { InputError, PlanError } from '../../src/model/errors.js';
import { mysqlReplica } from '../../src/tasks/mysqlReplica.js';
import { Secret, reveal } from '../../src/util/secret.js';
import { aReplication, aServer } from '../support/mysql.js';
import { fixture, parseRecorded } from '../support/recorded.js';
import { planReplica, planReplicaAfter, replicaFailure, shown, summaries, type World } from '../support/replica.js';

const A = '11111111-1111-1111-1111-111111111111';
const B = '22222222-2222-2222-2222-222222222222';
const NOTES = { name: 'app', charset: 'utf8mb4', collation: 'utf8mb4_general_ci', tables: 2 };
const EMPTY = { ...NOTES, tables: 0 };

for (const flavour of ['mysql', 'mariadb'] as const) {
  const mysql = flavour === 'mysql';
  const replica = aServer({ flavour, serverId: 22, serverUuid: mysql ? B : '', readOnly: true, superReadOnly: mysql });
  const healthy = aReplication(mysql ? {} : { sourceUuid: '' });
  const stopped = { receiver: 'stopped', applier: 'stopped' } as const;
  /** A source with 50 transactions, the first 20 of which are only in its data; a replica that has all. */
  const full = mysql ? { executed: `${A}:1-50` } : { slavePosition: '0-21-50', binlogState: '' };
  const world: World = {
    server: replica,
    replication: undefined,
    gtid: {},
    databases: [],
    source: aServer({ flavour }),
    sourceGtid: mysql ? { executed: `${A}:1-50`, purged: '' } : { binlogState: '0-21-50', oldest: '' },
    sourceDatabases: [EMPTY],
  };
  const purged = mysql ? { executed: `${A}:1-50`, purged: `${A}:1-20` } : { binlogState: '0-21-50', oldest: '0-21-20' };

  describe(`tasks/mysqlReplica on ${flavour}`, () => {
    it('is content with a healthy replica of the right server', async () => {
      expect(await planReplica({ ...world, replication: healthy, gtid: full, databases: [NOTES] })).to.deep.equal([]);
    });

    it('attaches an empty server where the binary logs have all', async () => {
      const changes = await planReplica(world);
      expect(summaries(changes)).to.deep.equal(['replicate from web-01 (10.0.0.21:3306)']);
      const script = shown(changes[0]);
      expect(script).to.include(
        mysql
          ? "SOURCE_PASSWORD = '•••', SOURCE_AUTO_POSITION = 1, SOURCE_SSL = 1, SOURCE_SSL_CA = '/etc/mysql/tls/ca.pem', SOURCE_SSL_VERIFY_SERVER_CERT = 1"
          : "MASTER_PASSWORD = '•••', MASTER_USE_GTID = slave_pos, MASTER_SSL = 1, MASTER_SSL_CA = '/etc/mysql/tls/ca.pem', MASTER_SSL_VERIFY_SERVER_CERT = 1",
      );
      expect(script).to.include(mysql ? 'SET GLOBAL super_read_only = ON' : 'SET GLOBAL read_only = ON');
      expect(script).to.include(mysql ? 'SELECT GTID_SUBSET(' : 'SELECT MASTER_GTID_WAIT(');
      expect(await planReplicaAfter(world)).to.deep.equal([]);
    });

    it('copies first where the binary logs do not reach back', async () => {
      const changes = await planReplica({ ...world, sourceGtid: purged });
      expect(summaries(changes)).to.deep.equal([
        `copy all data of web-01 (${mysql ? 'CLONE' : 'mariadb-backup'})`,
        'replicate from web-01 (10.0.0.21:3306)',
      ]);
      expect(changes[0]?.steps.map(({ kind }) => kind)).to.deep.equal(mysql ? ['shell'] : ['relay', 'shell']);
      expect(changes[0]?.touches).to.include.members(['mysql:*', 'unit:mysql.service']);
      const relay = changes[0]?.steps.find((step) => step.kind === 'relay');
      expect(relay?.from.host).to.equal(mysql ? undefined : 'web-01');
      expect(await planReplicaAfter({ ...world, sourceGtid: purged })).to.deep.equal([]);
      const never = await replicaFailure({ ...world, sourceGtid: purged }, { firstCopy: 'never' });
      expect(never).to.be.instanceOf(PlanError).with.property('message').that.includes("firstCopy is 'never'");
    });

    it('copies first where the source has tables, which may be older than its binary logs', async () => {
      const old = { ...world, sourceDatabases: [NOTES] };
      expect(await planReplica(old)).to.have.length(2);
      expect(await planReplica(old, { firstCopy: 'never' })).to.have.length(1);
    });

    it('does not overwrite what the server has of its own, unless told to', async () => {
      const own = {
        ...world,
        databases: [{ ...NOTES, name: 'crm' }],
        gtid: mysql ? { executed: `${B}:1-3` } : { binlogState: '0-22-3' },
      };
      const error = await replicaFailure(own);
      expect(error).to.be.instanceOf(PlanError).with.property('message').that.includes('would overwrite database crm (2 tables)');
      expect(error)
        .to.have.property('message')
        .that.includes(mysql ? `3 transactions (${B}:1-3)` : 'transactions up to 0-22-3');
      expect(summaries(await planReplica(own, { overwrite: true }))[0]).to.match(
        /^copy all data .* overwriting database crm \(2 tables\)$/,
      );
    });

    it('says that stale data of the source are safe to overwrite, and still asks', async () => {
      const stale = {
        ...world,
        sourceGtid: purged,
        databases: [NOTES],
        gtid: mysql ? { executed: `${A}:1-10` } : { slavePosition: '0-21-10' },
      };
      const error = await replicaFailure(stale);
      expect(error).to.have.property('hint').that.includes('loses nothing that replicated');
      expect(await planReplica(stale, { overwrite: true })).to.have.length(2);
    });

    it('repoints a replica of another server, told by its identity', async () => {
      const elsewhere = { ...healthy, sourceHost: '10.0.0.9', ...(mysql ? { sourceUuid: B } : { sourceServerId: 9 }) };
      const changes = await planReplica({ ...world, replication: elsewhere, gtid: full });
      expect(summaries(changes)).to.deep.equal(['replicate from web-01 (10.0.0.21:3306, source 10.0.0.9:3306 → 10.0.0.21:3306)']);
      const reinstalled = { ...elsewhere, sourceHost: '10.0.0.21' };
      expect(summaries(await planReplica({ ...world, replication: reinstalled, gtid: full }))[0]).to.include(
        'another server than the one followed so far',
      );
    });

    it('mends what was changed by hand', async () => {
      const open = { ...replica, readOnly: !mysql, superReadOnly: false };
      const byHand = { ...healthy, sourceUser: 'root', byGtid: false, tls: false, caFile: '', verifyName: false };
      const changes = await planReplica({ ...world, replication: byHand, gtid: full });
      expect(summaries(changes)).to.deep.equal([
        'replicate from web-01 (10.0.0.21:3306, user root → repl, by GTID, over TLS, authority any → /etc/mysql/tls/ca.pem, verify the name)',
      ]);
      const closing = await planReplica({ ...world, server: { ...open, readOnly: false }, replication: healthy, gtid: full });
      expect(summaries(closing)).to.deep.equal(['make read-only']);
    });

    it('starts threads that were stopped, or that lost the source for a while', async () => {
      const changes = await planReplica({ ...world, replication: { ...healthy, ...stopped }, gtid: full });
      expect(summaries(changes)).to.deep.equal(['start replication']);
      expect(shown(changes[0])).not.to.include('PASSWORD');
      const lost = { ...healthy, receiver: 'connecting' as const, receiverError: { number: 2003, message: "Can't connect" } };
      expect(summaries(await planReplica({ ...world, replication: lost, gtid: full }))).to.deep.equal([
        "start replication: the source cannot be reached (error 2003: Can't connect)",
      ]);
    });

    it('gives the password again where the source refused it', async () => {
      const refused = { ...healthy, receiver: 'connecting' as const, receiverError: { number: 1045, message: 'Access denied' } };
      const [change] = await planReplica({ ...world, replication: refused, gtid: full });
      expect(change?.summary).to.equal('replicate from web-01 (10.0.0.21:3306)');
      expect(shown(change)).to.include("_PASSWORD = '•••'");
    });

    it('gives a new password before the next reconnection needs it', async () => {
      const changes = await planReplica({ ...world, replication: healthy, gtid: full }, { password: new Secret('another-2') });
      expect(summaries(changes)).to.deep.equal(['replicate from web-01 (10.0.0.21:3306, password)']);
      const unknown = { ...healthy, passwordHash: new Secret('') };
      expect(
        await planReplica({ ...world, replication: unknown, gtid: full }, { password: new Secret('another-2') }),
      ).to.deep.equal([]);
    });

    for (const [what, meaning] of [
      ['conflict', 'something else wrote to this replica'],
      ['purged', 'no longer has the binary logs that this replica still needs'],
    ] as const) {
      it(`explains a real ${what}, and copies afresh only when told to`, async () => {
        const server = mysql ? 'mysql-9.7' : 'mariadb-10.11';
        const [recorded] = parseRecorded(fixture(`mysql/mysqlReplication.${what}.${server}.txt`), mysqlReplication({}));
        const uuid = mysql ? { sourceUuid: A } : {};
        const broken = recorded && { ...recorded, ...uuid, sourceHost: '10.0.0.21', sourceServerId: 21 };
        const values = { ...world, replication: broken, gtid: full, databases: [NOTES] };
        const error = await replicaFailure(values);
        expect(error).to.be.instanceOf(PlanError).with.property('message').that.includes(meaning);
        expect(error)
          .to.have.property('message')
          .that.matches(/\(error (1062|1236|13114): .*would overwrite database app/);
        expect(summaries(await planReplica(values, { overwrite: true }))[0]).to.match(/^copy all data/);
      });
    }

    it('forgets the errors of a source that it is to leave', async () => {
      const gone = {
        ...healthy,
        sourceHost: '10.0.0.9',
        receiver: 'stopped' as const,
        receiverError: { number: 1236, message: 'has been purged' },
      };
      expect(await planReplica({ ...world, replication: gone, gtid: full, databases: [NOTES] })).to.have.length(1);
    });

    it('refuses what can never work, with what to do', async () => {
      const cases: readonly (readonly [World, RegExp])[] = [
        [{ server: { ...replica, serverId: 21 } }, /both have server_id 21/],
        [{ source: aServer({ flavour, binaryLog: false }) }, /writes no binary log/],
        [{ source: aServer({ flavour, tls: false }) }, /no encrypted connections/],
        [{ source: aServer({ flavour: mysql ? 'mariadb' : 'mysql', serverId: 1 }) }, /they do not replicate/],
        [{ source: { state: 'stopped', message: 'ERROR 2002' } }, /does not answer on web-01: ERROR 2002/],
        [{ server: { state: 'absent' } }, /no MySQL or MariaDB server is installed here/],
        [{ server: { ...replica, version: '8.0.45' }, sourceGtid: purged }, /cannot be copied: web-01 runs version/],
      ];
      for (const [change, message] of cases) {
        const error = await replicaFailure({ ...world, ...change });
        expect(error).to.be.instanceOf(PlanError).with.property('message').that.matches(message);
        expect(error).to.have.property('hint').that.is.a('string');
      }
    });
  });
}

describe('tasks/mysqlReplica', () => {
  const mysqlWorld: World = {
    server: aServer({ serverId: 22, serverUuid: A }),
    source: aServer(),
    gtid: { executed: `${A}:1-5` },
    sourceGtid: { executed: `${A}:1-5` },
    databases: [],
    sourceDatabases: [],
  };

  it('gives a copied machine a server_uuid of its own', async () => {
    const changes = await planReplica({ ...mysqlWorld, replication: undefined });
    expect(summaries(changes)).to.deep.equal([
      'new server_uuid (auto.cnf is a copy of that of web-01)',
      'replicate from web-01 (10.0.0.21:3306)',
    ]);
    expect(shown(changes[0])).to.include('rm -f -- /var/lib/mysql/auto.cnf');
  });

  it('leaves twins among the replicas to a person: restarting one throws the other out', async () => {
    const message =
      "Got fatal error 1236 from source: 'A replica with the same server_uuid/server_id as this replica has connected'";
    const thrownOut = aReplication({
      receiver: 'stopped',
      receiverError: { number: 13114, message },
      caFile: '/etc/mysql/tls/ca.pem',
    });
    const server = aServer({ serverId: 22, serverUuid: B });
    const error = await replicaFailure({ ...mysqlWorld, server, replication: thrownOut });
    expect(error).to.be.instanceOf(PlanError).with.property('hint').that.includes('remove auto.cnf');
  });

  it('knows the limits of MySQL before it begins', async () => {
    const server = aServer({ serverId: 22, serverUuid: B });
    const long = { password: new Secret('x'.repeat(33)) };
    expect(await replicaFailure({ ...mysqlWorld, server }, long))
      .to.have.property('message')
      .that.includes('more than 32 characters');
    const bare = {
      ...mysqlWorld,
      server: { ...server, clonePlugin: false },
      sourceGtid: { executed: `${A}:1-9`, purged: `${A}:1-9` },
    };
    expect(await replicaFailure(bare))
      .to.have.property('message')
      .that.includes('the CLONE plugin is not loaded on this host');
  });

  it('lets a former primary of MariaDB go on from its own last transaction', async () => {
    const demoted = {
      server: aServer({ flavour: 'mariadb', serverId: 22 }),
      source: aServer({ flavour: 'mariadb' }),
      gtid: { binlogState: '0-22-40', slavePosition: '' },
      sourceGtid: { binlogState: '0-21-50,0-22-40', oldest: '' },
      databases: [NOTES],
      sourceDatabases: [NOTES],
    };
    const changes = await planReplica(demoted);
    expect(changes).to.have.length(1);
    expect(shown(changes[0])).to.include('MASTER_DEMOTE_TO_SLAVE = 1');
    const errant = { ...demoted, gtid: { binlogState: '0-22-41', slavePosition: '' } };
    expect(await replicaFailure(errant))
      .to.have.property('message')
      .that.includes('transactions up to 0-22-41');
  });

  it('shows the password nowhere', async () => {
    const changes = await planReplica({
      ...mysqlWorld,
      sourceGtid: { executed: `${A}:1-9`, purged: `${A}:1-9` },
      gtid: {},
      server: aServer({ serverId: 22, serverUuid: B }),
    });
    const scripts = changes.flatMap(({ steps }) => steps).flatMap((step) => (step.kind === 'shell' ? [step.script] : []));
    expect(scripts.every((script) => reveal(script).includes("'repl-secret-1'"))).to.equal(true);
    expect(JSON.stringify(changes)).not.to.include('repl-secret-1');
  });

  it('refuses options that make no sense', () => {
    const options = { source: 'web-01', sourceAddress: '10.0.0.21', user: 'repl', password: new Secret('repl-secret-1') };
    expect(() => mysqlReplica({ ...options, verifyName: true })).to.throw(InputError, 'expected caFile too');
    expect(() => mysqlReplica({ ...options, sourceAddress: "x'; DROP" })).to.throw(InputError, 'expected an address');
  });
});
