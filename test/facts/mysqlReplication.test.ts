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

    it(`stands on whose transactions ${server} has, not on how many`, () => {
      const [now] = parseRecorded(fixture(`mysql/mysqlGtid.purged.${server}.txt`), mysqlGtid({}));
      const grow = (text: string) => text.replace(/\d+$/, (last) => `${Number(last) + 7}`);
      const later = now && { ...now, executed: grow(now.executed), binlogState: grow(now.binlogState) };
      const errant = now && {
        ...now,
        executed: `${now.executed},11111111-1111-1111-1111-111111111111:1`,
        binlogState: `${now.binlogState},0-99-1`,
      };
      const { fact } = mysqlGtid({});
      expect(later).not.to.deep.equal(now);
      expect(fact.essence(later)).to.deep.equal(fact.essence(now));
      expect(fact.essence(errant)).not.to.deep.equal(fact.essence(now));
    });

    it(`tells of a lost source without the count of tries, which grows, on ${server}`, () => {
      const lost = recorded('lost', server);
      expect(lost).to.deep.include({ receiver: 'connecting', applier: 'running' });
      expect(lost?.receiverError).to.deep.equal(
        server === 'mysql-9.7'
          ? {
              number: 2003,
              message:
                "Error reconnecting to source 'repl@10.83.4.21:3306'. Message: Can't connect to MySQL server on '10.83.4.21:3306' (111)",
            }
          : {
              number: 2003,
              message:
                "error reconnecting to master 'repl@10.83.3.21:3306': Can't connect to server on '10.83.3.21' (111 \"Connection refused\")",
            },
      );
    });

    it(`stands on no age of what a replica of ${server} has`, () => {
      const { fact } = mysqlReplication({});
      const now = recorded('running', server);
      const behind = now && { ...now, secondsBehind: 31 };
      expect(fact.essence(behind)).to.deep.equal(fact.essence(now));
      expect(fact.essence(recorded('stopped', server))).not.to.deep.equal(fact.essence(now));
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
