import { expect } from 'chai';
import { mysqlGtid } from '../../src/facts/mysqlGtid.js';
import { mysqlReplication } from '../../src/facts/mysqlReplication.js';
import { reveal } from '../../src/util/secret.js';
import { fixture, parseRecorded } from '../support/recorded.js';

const SERVERS = ['mysql-9.7', 'mariadb-10.11'] as const;

describe('facts/mysqlReplication', () => {
  for (const [server, hash] of [
    ['mysql-9.7', 'e98138452bd32baac05c62fceab653f61de5cfd82f7a9b9460c257c909e8f2f3'],
    ['mariadb-11.8', '89da03da797217522152d95ff8503e8d92b4e4d69d2a477429980e750aef2419'],
  ] as const) {
    it(`tells the password of a channel of ${server} by its hash only`, () => {
      const now = recorded('running', server);
      expect(reveal(now?.passwordHash ?? '')).to.equal(hash);
      expect(JSON.stringify(now)).not.to.include(hash);
    });
  }

  for (const server of SERVERS) {
    it(`reads a healthy replica of ${server}`, () => {
      expect(recorded('running', server)).to.deep.include({
        sourceHost: server === 'mysql-9.7' ? '10.83.4.22' : '10.83.3.21',
        sourcePort: 3306,
        sourceUser: 'repl',
        sourceUuid: server === 'mysql-9.7' ? '14a24d4c-e58b-11f1-a4e9-b2a49f8eb69b' : '',
        sourceServerId: server === 'mysql-9.7' ? 173212694 : 173212437,
        byGtid: true,
        tls: true,
        caFile: '/etc/mysql/tls/ca.pem',
        verifyName: true,
        receiver: 'running',
        applier: 'running',
        receiverError: undefined,
        applierError: undefined,
        secondsBehind: 0,
      });
    });

    it(`reads the threads and errors of ${server}`, () => {
      expect(recorded('stopped', server)).to.deep.include({ receiver: 'stopped', applier: 'stopped', secondsBehind: undefined });
      const purged = recorded('purged', server);
      expect(purged).to.deep.include({ receiver: 'stopped', applier: 'running' });
      expect(purged?.receiverError?.number).to.equal(server === 'mysql-9.7' ? 13114 : 1236);
      expect(purged?.receiverError?.message).to.match(/purged/);
      const conflict = recorded('conflict', server);
      expect(conflict).to.deep.include({ receiver: 'running', applier: 'stopped' });
      // MySQL's coordinator has error 1062 too, but only its worker says which row.
      expect(conflict?.applierError?.number).to.equal(1062);
      expect(conflict?.applierError?.message).to.include("Duplicate entry '5'");
    });

    it(`reads the positions of ${server}`, () => {
      const [blank] = parseRecorded(fixture(`mysql/mysqlGtid.blank.${server}.txt`), mysqlGtid({}));
      expect(blank).to.deep.include({ executed: '', purged: '', slavePosition: '', binlogState: '' });
      const [purged] = parseRecorded(fixture(`mysql/mysqlGtid.purged.${server}.txt`), mysqlGtid({}));
      expect(purged).to.deep.include(
        server === 'mysql-9.7'
          ? { purged: 'ba1fa720-e589-11f1-b3af-fa5cf8e707ea:1-12', executed: 'ba1fa720-e589-11f1-b3af-fa5cf8e707ea:1-14' }
          : { binlogState: '0-173212437-14', oldest: '0-173212437-12' },
      );
    });
  }

  it('tells a server without a channel from one that is set up', () => {
    const nothing = '--section--\nstatus\n--section--\nworkers\n';
    expect(parseRecorded(nothing, mysqlReplication({}))).to.deep.equal([undefined]);
  });

  function recorded(what: string, server: string) {
    return parseRecorded(fixture(`mysql/mysqlReplication.${what}.${server}.txt`), mysqlReplication({}))[0];
  }
});
