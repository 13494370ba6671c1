import { expect } from 'chai';
import { PlanError } from '../../src/model/errors.js';
import { mysqlWritable } from '../../src/tasks/mysqlWritable.js';
import { applyLocally } from '../support/apply.js';
import { usePrivateMariadb } from '../support/mariadb.js';
import { aReplication, aServer } from '../support/mysql.js';
import { planAfter, planOn } from '../support/plan.js';

const open = mysqlWritable({ writable: true });
const closed = mysqlWritable({ writable: false });

describe('tasks/mysqlWritable', () => {
  for (const flavour of ['mysql', 'mariadb'] as const) {
    const writable = aServer({ flavour });
    const readOnly = aServer({ flavour, readOnly: true, superReadOnly: flavour === 'mysql' });

    it(`opens and closes ${flavour}, and is content with what is so already`, async () => {
      const alone = { mysqlReplication: undefined };
      expect(await planOn(open, { ...alone, mysqlServer: writable })).to.deep.equal([]);
      expect(await planOn(closed, { ...alone, mysqlServer: readOnly })).to.deep.equal([]);
      const [opening] = await planOn(open, { ...alone, mysqlServer: readOnly });
      expect(opening).to.deep.include({ summary: 'open for writes', touches: ['mysql:writable'] });
      expect(await planAfter(open, { ...alone, mysqlServer: readOnly })).to.deep.equal([]);
      const [closing] = await planOn(closed, { ...alone, mysqlServer: writable });
      expect(closing?.summary).to.match(/^make read-only/);
      expect(await planAfter(closed, { ...alone, mysqlServer: writable })).to.deep.equal([]);
    });

    it(`never opens a replica of ${flavour}, be it stopped, and complains of an open one`, async () => {
      for (const [state, mysqlServer] of [
        ['running', readOnly],
        ['stopped', readOnly],
        ['running', writable],
      ] as const) {
        const mysqlReplication = aReplication({ receiver: state, applier: state });
        const error = await planOn(open, { mysqlServer, mysqlReplication }).catch((caught: unknown) => caught);
        expect(error).to.be.instanceOf(PlanError).with.property('message').that.includes('from 10.0.0.21');
      }
    });
  }

  it('closes root out of MySQL too, where only read_only was set', async () => {
    const [change] = await planOn(closed, { mysqlServer: aServer({ readOnly: true }), mysqlReplication: undefined });
    expect(change?.summary).to.equal('make read-only');
  });

  describe('on a real server', () => {
    const server = usePrivateMariadb('--read-only');

    it('opens and closes it', async () => {
      expect(await applyLocally(open)).to.have.length(1);
      expect(server.sql('SELECT @@read_only')).to.equal('0\n');
      expect(await applyLocally(closed)).to.have.length(1);
      expect(server.sql('SELECT @@read_only')).to.equal('1\n');
    });
  });
});
