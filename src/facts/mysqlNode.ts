import { defineFact } from '../model/fact.js';
import { askMysql, askVariables, parseMysql, serverTopics, type MysqlRows, type NoMysql } from './mysql/client.js';
import { essenceOf, GTID_QUERIES, GTID_VARIABLES, gtidOf, type MysqlGtid } from './mysqlGtid.js';
import { CHANNEL_QUERIES, channelOf, type ReplicationChannel } from './mysqlReplication.js';
import { SERVER_QUERIES, SERVER_VARIABLES, serverOf, type RunningMysql } from './mysqlServer.js';

/** How semi-synchronous replication goes at this moment. */
export interface SemiSync {
  /** As a source: whether commits do wait for a replica now. It falls back to not waiting when none answers in time. */
  readonly sourceActive: boolean;
  /** As a source: how many replicas acknowledge. */
  readonly clients: number;
  /** As a replica: whether it acknowledges to its source now. */
  readonly replicaActive: boolean;
}

/** A server of a group of which one takes the writes, with its place in that group. */
export interface RunningNode {
  readonly state: 'running';
  readonly server: RunningMysql;
  /** From where it replicates; undefined where it does not. */
  readonly channel: ReplicationChannel | undefined;
  readonly gtid: MysqlGtid;
  /** What it has fetched as a replica, applied or not: a GTID set, or MariaDB's position. Empty where it is none. */
  readonly retrieved: string;
  readonly semiSync: SemiSync;
}

/** `absent`: no server was ever in use there. `stopped`: it does not answer; its data may be anybody's. */
export type MysqlNode = RunningNode | NoMysql;

const STATUS = ['source_status', 'master_status', 'source_clients', 'master_clients', 'replica_status', 'slave_status'];

const NO_DATA = 'no data';

/**
 * No data are those of a server that was never set up, or that its package set up and nobody has begun to use (a run that ended before it
 * could): no database but the server's own, and no binary log.
 */
const NOTE_DATA = `(
  [ -d /var/lib/mysql/mysql ] || exit 0
  cd /var/lib/mysql || exit 1
  for name in *; do
    case $name in
      mysql | performance_schema | sys | '#innodb_redo' | '#innodb_temp' | lost+found) ;;
      *.index) exit 1 ;;
      *) [ ! -d "$name" ] || exit 1 ;;
    esac
  done
) && echo '${NO_DATA}' >&2`;

/**
 * One look at a server, without waiting for anything: who it is, whether it takes writes, whom it follows, what it has.
 * Undecided things (a receiver that is just connecting) are told as they are.
 */
export const mysqlNode = defineFact<Readonly<Record<string, never>>, MysqlNode>({
  name: 'mysqlNode',
  live: true,
  essence: (node) =>
    node.state !== 'running'
      ? node.state
      : {
          readOnly: node.server.readOnly,
          reportHost: node.server.reportHost,
          source: node.channel && [node.channel.sourceHost, node.channel.sourcePort],
          gtid: essenceOf(node.gtid),
        },
  topics: () => [...serverTopics, 'mysql:writable', 'mysql:replication', 'mysql:gtid'],
  command: () => `${NOTE_DATA}
${askMysql({
  ...SERVER_QUERIES,
  ...CHANNEL_QUERIES,
  ...GTID_QUERIES,
  variables: askVariables([...SERVER_VARIABLES, ...GTID_VARIABLES]),
  semiSync: `SHOW GLOBAL STATUS WHERE Variable_name IN (${STATUS.map((name) => `'Rpl_semi_sync_${name}'`).join(', ')})`,
})}`,
  parse: (result) => {
    const answer = parseMysql(result);
    // A client alone makes no database server.
    if (answer.state === 'stopped' && result.stderr.includes(NO_DATA)) return { state: 'absent' };
    if (answer.state !== 'running') return answer;
    return {
      state: 'running',
      server: serverOf(answer),
      channel: channelOf(answer),
      gtid: gtidOf(answer),
      retrieved: retrievedOf(answer),
      semiSync: semiSyncOf(answer),
    };
  },
});

/** What stands in for servers before any host is contacted: bare hosts. */
export const MYSQL_NODE_SAMPLES: readonly [MysqlNode] = [{ state: 'absent' }];

function retrievedOf(answer: MysqlRows): string {
  const row = answer.rows('status').find((one) => (one['Channel_Name'] ?? '') === '');
  return (row?.['Retrieved_Gtid_Set'] ?? row?.['Gtid_IO_Pos'] ?? '').replace(/\s/g, '');
}

/** The flavours have other names for the same. */
function semiSyncOf(answer: MysqlRows): SemiSync {
  const status = new Map(answer.rows('semiSync').map((row) => [(row['Variable_name'] ?? '').toLowerCase(), row['Value'] ?? '']));
  const either = (...names: readonly string[]) => names.map((name) => status.get(`rpl_semi_sync_${name}`)).find((one) => one);
  return {
    sourceActive: either('source_status', 'master_status') === 'ON',
    clients: Number(either('source_clients', 'master_clients') ?? 0),
    replicaActive: either('replica_status', 'slave_status') === 'ON',
  };
}
