import { expect } from 'chai';
import { createKnowledge, type Knowledge } from '../../../src/engine/knowledge.js';
import { planRun } from '../../../src/engine/plan.js';
import { mysqlDatabases } from '../../../src/facts/mysqlDatabases.js';
import { mysqlReplication } from '../../../src/facts/mysqlReplication.js';
import { mysqlServer, type MysqlServer } from '../../../src/facts/mysqlServer.js';
import type { UnitState } from '../../../src/facts/units.js';
import type { Read } from '../../../src/model/fact.js';
import type { Task } from '../../../src/model/task.js';
import { mysqlAnswers } from '../../../src/tasks/mysql/answers.js';
import { mysqlDatabase } from '../../../src/tasks/mysqlDatabase.js';
import { mysqlReplica } from '../../../src/tasks/mysqlReplica.js';
import { mysqlUser } from '../../../src/tasks/mysqlUser.js';
import { mysqlWritable } from '../../../src/tasks/mysqlWritable.js';
import { service } from '../../../src/tasks/service.js';
import { Secret } from '../../../src/util/secret.js';
import { aReplication, aServer } from '../../support/mysql.js';
import { nowhere } from '../../support/plan.js';

const unit: UnitState = {
  systemd: true,
  load: 'loaded',
  active: 'active',
  enabled: 'enabled',
  type: 'notify',
  remains: false,
  canReload: false,
  needsDaemonReload: false,
};
const arriving: UnitState = { ...unit, active: 'inactive', arrives: true };
const conf = { type: 'file', mode: '0644', owner: 'root', group: 'root', size: 1, sha256: 'new' };

for (const flavour of ['mysql', 'mariadb'] as const) {
  const mysql = flavour === 'mysql';
  const running = (serverId: number, readOnly: boolean) =>
    service({
      name: flavour,
      state: 'running',
      enabled: true,
      restartWhen: ['/etc/my.cnf'],
      answers: mysqlAnswers({ flavour, serverId, port: 3306, readOnly, reportHost: `db-${serverId}` }),
    });
  const primary = [
    running(21, false),
    mysqlWritable({ writable: true }),
    mysqlDatabase({ name: 'app' }),
    mysqlUser({
      name: 'repl',
      host: '10.0.0.22',
      password: new Secret('repl-secret-1'),
      grants: [{ privileges: ['REPLICATION SLAVE'], on: '*.*' }],
    }),
  ];
  const replica = [
    running(22, true),
    mysqlReplica({ source: 'web-01', sourceAddress: '10.0.0.21', user: 'repl', password: new Secret('repl-secret-1') }),
  ];

  /** Bare hosts, or built ones. */
  const values = (now: { server: MysqlServer; unit: UnitState; loaded?: string }): Readonly<Record<string, unknown>> => ({
    unit: now.unit,
    mysqlServer: now.server,
    mysqlData: false,
    file: conf,
    loaded: { '/etc/my.cnf': `file:${now.loaded ?? 'new'}` },
    mysqlDatabases: [],
    mysqlAccount: undefined,
    mysqlPrivileges: ['REPLICATION SLAVE'],
    mysqlReplication: undefined,
    mysqlGtid: undefined,
  });
  const bare = values({ server: { state: 'absent' }, unit: arriving });

  describe(`tasks/mysql/answers on ${flavour}`, () => {
    it('plans all of a primary and its replica before there is a server', async () => {
      const site = new Site();
      expect(await site.plan('web-01', primary, bare)).to.deep.equal([
        `service ${flavour}: start`,
        'mysqlWritable open: ok',
        'mysqlDatabase app: create, utf8mb4',
        'mysqlUser repl@10.0.0.22: create, grant REPLICATION SLAVE on *.*',
      ]);
      expect(await site.plan('web-02', replica, bare)).to.deep.equal([
        `service ${flavour}: start`,
        'mysqlReplica of web-01: replicate from web-01 (10.0.0.21:3306)',
      ]);
    });

    it('knows nothing of a server that finds data of an earlier installation', async () => {
      const plan = await new Site().plan('web-01', primary, { ...bare, mysqlData: true });
      expect(plan).to.deep.equal([
        `service ${flavour}: start`,
        'mysqlWritable open: unknown',
        'mysqlDatabase app: unknown',
        'mysqlUser repl@10.0.0.22: unknown',
      ]);
    });

    it('knows nothing of a server that was stopped', async () => {
      const stopped = values({ server: { state: 'stopped', message: 'ERROR 2002' }, unit: { ...unit, active: 'inactive' } });
      expect((await new Site().plan('web-01', primary, stopped))[2]).to.equal('mysqlDatabase app: unknown');
    });

    it('keeps what a server has over a restart, and lets its settings decide the rest', async () => {
      const now = aServer({
        flavour,
        serverId: 22,
        readOnly: false,
        superReadOnly: false,
        reportHost: 'db-22',
        semiSyncReplica: true,
      });
      const site = new Site();
      const changed = { ...values({ server: now, unit, loaded: 'old' }), mysqlDatabases: [{ name: 'app', charset: 'utf8mb4' }] };
      const stoppedByHand = aReplication({ receiver: 'stopped', applier: 'stopped', caFile: '' });
      const built = { ...changed, mysqlReplication: stoppedByHand };
      expect((await site.plan('web-02', [replica[0], ...primary.slice(2, 3)], built))[0]).to.match(/restart to load my.cnf/);
      const on = { host: 'web-02', user: 'root' };
      expect(site.knowledge.state(on, mysqlServer({}))).to.equal('predicted');
      expect(site.knowledge.value(on, mysqlServer({}))).to.deep.equal({ ...now, readOnly: true, superReadOnly: mysql });
      expect(site.knowledge.value(on, mysqlDatabases({}))).to.have.length(1);
      site.knowledge.learn(on, mysqlReplication({}), stoppedByHand);
      expect(site.knowledge.value(on, mysqlReplication({}))).to.deep.include({ receiver: 'running', applier: 'running' });
      const broken = { ...stoppedByHand, applierError: { number: 1062, message: 'Duplicate entry' } };
      site.knowledge.learn(on, mysqlReplication({}), broken);
      expect(site.knowledge.state(on, mysqlReplication({}))).to.equal('stale');
    });

    it('lets enabling the unit alter nothing of what the server says', async () => {
      const plan = await new Site().plan(
        'web-01',
        primary.slice(0, 2),
        values({ server: aServer({ flavour }), unit: { ...unit, enabled: 'disabled' } }),
      );
      expect(plan).to.deep.equal([`service ${flavour}: enable`, 'mysqlWritable open: ok']);
    });
  });
}

/** Hosts that are planned one after the other, as a dry run does it. */
class Site {
  readonly knowledge: Knowledge = createKnowledge();

  async plan(
    host: string,
    tasks: readonly (Task | undefined)[],
    values: Readonly<Record<string, unknown>>,
  ): Promise<readonly string[]> {
    const on = { host, user: 'root' };
    const ready = await Promise.all(
      tasks.flatMap((task) =>
        task === undefined ? [] : [task.prepare(nowhere).then((prepared) => ({ play: 'the play', task, on, prepared }))],
      ),
    );
    const reads = ready.flatMap(({ prepared }) => prepared.reads);
    for (const read of reads) if (this.knowledge.state(on, read) === undefined) this.learn(on, read, values);
    const { items, error } = planRun(ready, 0, { knowledge: this.knowledge, dryRun: true, alone: false });
    if (error !== undefined) throw error.cause;
    return items.map(({ task, status, changes }) => {
      const words = changes.map(({ summary }) => summary).join('; ');
      return `${task.task.id}: ${status === 'changed' ? words : status}`;
    });
  }

  private learn(on: { host: string; user: string }, read: Read<never>, values: Readonly<Record<string, unknown>>): void {
    if (!(read.fact.name in values)) throw new Error(`the test gives no value for ${read.key}`);
    this.knowledge.learn(on, read, values[read.fact.name]);
  }
}
