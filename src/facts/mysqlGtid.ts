import { defineFact } from '../model/fact.js';
import { askMysql, askVariables, parseMysql, serverTopics, type MysqlRows } from './mysql/client.js';

/** Which transactions a server has, and which of them its binary logs still hold. Empty texts are empty sets. */
export interface MysqlGtid {
  /** MySQL: all that it has executed, as a GTID set. */
  readonly executed: string;
  /** MySQL: those that its binary logs hold no more. */
  readonly purged: string;
  /** MariaDB: the last that it applied as a replica. */
  readonly slavePosition: string;
  /** MariaDB: the last of each domain and server in its binary logs. */
  readonly binlogState: string;
  /** MariaDB: the state where its oldest binary log begins; undefined where it has none. */
  readonly oldest: string | undefined;
}

/** The variables that `gtidOf` reads. */
export const GTID_VARIABLES = ['gtid_executed', 'gtid_purged', 'gtid_slave_pos', 'gtid_binlog_state'];

/** What `gtidOf` reads. */
export const GTID_QUERIES = {
  variables: askVariables(GTID_VARIABLES),
  // The first events of the oldest log: one of them is MariaDB's Gtid_list.
  events: 'SHOW BINLOG EVENTS LIMIT 3',
};

/** A server's GTIDs; undefined where none answers (which `mysqlServer` tells). */
export const mysqlGtid = defineFact<Readonly<Record<string, never>>, MysqlGtid | undefined>({
  name: 'mysqlGtid',
  live: true,
  // A server that is written to goes on counting: whose transactions it has matters, not how many.
  essence: (gtid) => gtid && essenceOf(gtid),
  topics: () => [...serverTopics, 'mysql:gtid'],
  command: () => askMysql(GTID_QUERIES),
  parse: (result) => {
    const answer = parseMysql(result);
    return answer.state === 'running' ? gtidOf(answer) : undefined;
  },
});

/** The GTIDs of the server that answered `GTID_QUERIES`. */
export function gtidOf(answer: MysqlRows): MysqlGtid {
  const variables = new Map(answer.rows('variables').map((row) => [row['Variable_name'], row['Value'] ?? '']));
  // MySQL breaks long sets into lines.
  const value = (name: string) => (variables.get(name) ?? '').replace(/\s/g, '');
  const list = answer.rows('events').find((row) => row['Event_type'] === 'Gtid_list')?.['Info'];
  return {
    executed: value('gtid_executed'),
    purged: value('gtid_purged'),
    slavePosition: value('gtid_slave_pos'),
    binlogState: value('gtid_binlog_state'),
    oldest: list?.replace(/[[\]\s]/g, ''),
  };
}

/** The texts without the numbers of transactions: servers (with MySQL's tags), MariaDB's domains with their servers. */
export function essenceOf(gtid: MysqlGtid): MysqlGtid {
  const position = (text: string) => text.replace(/(\d+-\d+)-\d+/g, '$1');
  const set = (text: string) => text.replace(/:\d+(-\d+)?/g, '');
  return {
    executed: set(gtid.executed),
    purged: set(gtid.purged),
    slavePosition: position(gtid.slavePosition),
    binlogState: position(gtid.binlogState),
    oldest: gtid.oldest === undefined ? undefined : position(gtid.oldest),
  };
}
