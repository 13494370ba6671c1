import { expect } from 'chai';
import { PlanError } from '../../../src/model/errors.js';
import { aReplication, aServer } from '../../support/mysql.js';
import { planReplica, replicaFailure, summaries, type World } from '../../support/replica.js';

const A = '11111111-1111-1111-1111-111111111111';
const B = '22222222-2222-2222-2222-222222222222';
const NOTES = { name: 'app', charset: 'utf8mb4', collation: 'utf8mb4_general_ci', tables: 2 };

for (const flavour of ['mysql', 'mariadb'] as const) {
  const mysql = flavour === 'mysql';
  const healthy = aReplication(mysql ? {} : { sourceUuid: '' });
  const full = mysql ? { executed: `${A}:1-50` } : { slavePosition: '0-21-50', binlogState: '' };
  const world: World = {
    server: aServer({ flavour, serverId: 22, serverUuid: mysql ? B : '', readOnly: true, superReadOnly: mysql }),
    gtid: {},
    databases: [],
    source: aServer({ flavour }),
    sourceGtid: mysql ? { executed: `${A}:1-50`, purged: '' } : { binlogState: '0-21-50', oldest: '' },
    sourceDatabases: [],
  };

  describe(`tasks/mysql/replicaPlan on ${flavour}`, () => {
    it('asks the source for what is to be reached only when it is done, so that its writes make no other plan', async () => {
      const later = mysql ? { executed: `${A}:1-60`, purged: '' } : { binlogState: '0-21-60', oldest: '' };
      const [now, then] = [await planReplica(world), await planReplica({ ...world, sourceGtid: later })];
      expect(now[0]?.steps.map(({ kind }) => kind)).to.deep.equal(['relay', 'shell']);
      expect(JSON.stringify(now.map(({ steps }) => steps))).to.equal(JSON.stringify(then.map(({ steps }) => steps)));
    });

    it('does not start again towards a server that was installed anew under the same name', async () => {
      const lost = { ...healthy, receiver: 'connecting' as const, receiverError: { number: 2003, message: "Can't connect" } };
      const source = aServer({ flavour, ...(mysql ? { serverUuid: B.replaceAll('2', '3') } : {}) });
      const anew = {
        ...world,
        source,
        replication: lost,
        gtid: full,
        sourceGtid: mysql ? {} : { oldest: '' },
        databases: [NOTES],
      };
      expect(await replicaFailure(anew))
        .to.be.instanceOf(PlanError)
        .with.property('message')
        .that.includes('that web-01 does not have: its data must be copied afresh');
      expect(await planReplica(anew, { overwrite: true })).to.have.length(2);
    });

    it('takes a server that is not installed yet for one of the same version', async () => {
      const fresh = { ...world, server: aServer({ flavour, serverId: 22, serverUuid: mysql ? B : '', version: '' }) };
      const changes = await planReplica({ ...fresh, sourceDatabases: [NOTES] });
      expect(summaries(changes)[0]).to.match(/^copy all data of web-01/);
    });
  });
}
