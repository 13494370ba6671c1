import { defineFact } from '../model/fact.js';
import { Secret } from '../util/secret.js';
import {
  askMysql,
  askShell,
  mysqlFunction,
  NO_CLIENT,
  parseMysql,
  pipeMysql,
  serverTopics,
  type MysqlRows,
  type Row,
} from './mysql/client.js';

/** The error that a replication thread stopped with, or tries again after. */
export interface ReplicationError {
  readonly number: number;
  readonly message: string;
}

/** From where and how a replica replicates, and how that goes. */
export interface MysqlReplication {
  readonly sourceHost: string;
  readonly sourcePort: number;
  readonly sourceUser: string;
  /** SHA-256, in hex, of the password that it logs in with; empty where that cannot be told. */
  readonly passwordHash: Secret;
  /** Who answered at that address: MySQL's server_uuid; empty until it was reached once, and on MariaDB. */
  readonly sourceUuid: string;
  /** Its server id; 0 until it was reached once. */
  readonly sourceServerId: number;
  /** Whether it finds its place by GTID: auto-position on MySQL, `slave_pos` on MariaDB. */
  readonly byGtid: boolean;
  readonly tls: boolean;
  /** The authority that the source's certificate must be signed by; empty for any. */
  readonly caFile: string;
  /** Whether the certificate must name the source's address. */
  readonly verifyName: boolean;
  /** The thread that fetches. */
  readonly receiver: 'running' | 'connecting' | 'stopped';
  /** The thread that applies. */
  readonly applier: 'running' | 'stopped';
  readonly receiverError: ReplicationError | undefined;
  readonly applierError: ReplicationError | undefined;
  /** Undefined where the server does not know. */
  readonly secondsBehind: number | undefined;
}

/** MariaDB keeps a channel's settings in a file, one a line: the sixth is the password. */
const MASTER_INFO = `file=$(${pipeMysql("printf 'SELECT @@datadir'")} --skip-column-names 2>/dev/null)master.info
if [ -r "$file" ]; then sed -n 6p "$file" | tr -d '\\n' | sha256sum | cut -c 1-64; fi`;

/** Longest wait for a receiver that is about to reach its source, in seconds: one that was just lost is tried again every 5. */
const CONNECTING_SECONDS = 8;

/** Errors of a connection that was lost or refused, as by a source that is being restarted. */
const LOST = [0, 2002, 2003, 2006, 2013, 1158, 1159, 1160, 1161];

/** Waits while the receiver is between two states: what it says then is old in a moment. */
const SETTLE = `${NO_CLIENT} || exit 127
${mysqlFunction('channels', 'SHOW REPLICA STATUS')}
looks=$((${CONNECTING_SECONDS} * 5))
while [ "$looks" -gt 0 ]; do
  now=$(channels 2>/dev/null) || break
  printf '%s\\n' "$now" | grep -Eq '_IO_Running: (Connecting|Preparing)$' || break
  printf '%s\\n' "$now" | grep -Eq 'Last_IO_Errno: (${LOST.join('|')})$' || break
  looks=$((looks - 1))
  sleep 0.2
done`;

/** What `channelOf` reads. */
export const CHANNEL_QUERIES = {
  status: 'SHOW REPLICA STATUS',
  // MySQL's coordinator only says that a worker failed. MariaDB skips what is in a comment for MySQL 8.
  workers: `SELECT 0 AS number, '' AS message FROM DUAL WHERE FALSE /*!80022 UNION ALL
  SELECT last_error_number, last_error_message
  FROM performance_schema.replication_applier_status_by_worker WHERE last_error_number <> 0 */`,
};

/** The server's default replication channel; undefined where it has none, or no server answers (which `mysqlServer` tells). */
export const mysqlReplication = defineFact<Readonly<Record<string, never>>, MysqlReplication | undefined>({
  name: 'mysqlReplication',
  live: true,
  essence: (channel) => channel && { ...channel, secondsBehind: undefined },
  topics: () => [...serverTopics, 'mysql:replication'],
  command: () =>
    [
      SETTLE,
      askMysql({
        ...CHANNEL_QUERIES,
        table: `SELECT '' AS hash FROM DUAL WHERE FALSE /*!80022 UNION ALL
  SELECT SHA2(User_password, 256) FROM mysql.slave_master_info WHERE Channel_name = '' */`,
      }),
      askShell('file', 'hash', MASTER_INFO),
    ].join('\n'),
  parse: (result) => {
    const answer = parseMysql(result);
    if (answer.state !== 'running') return undefined;
    const channel = channelOf(answer);
    const hash = [...answer.rows('table'), ...answer.rows('file')][0]?.['hash'] ?? '';
    return channel && { ...channel, passwordHash: new Secret(hash) };
  },
});

/** A channel without what tells its password. */
export type ReplicationChannel = Omit<MysqlReplication, 'passwordHash'>;

/** The default channel of the server that answered `CHANNEL_QUERIES`, at this moment. */
export function channelOf(answer: MysqlRows): ReplicationChannel | undefined {
  const row = answer
    .rows('status')
    .map(modernNames)
    .find((one) => (one['Channel_Name'] ?? '') === '');
  return row && read(row, answer.rows('workers')[0]);
}

const RECEIVER: Readonly<Record<string, MysqlReplication['receiver']>> = {
  Yes: 'running',
  Connecting: 'connecting',
  Preparing: 'connecting',
};

function read(row: Row, worker: Row | undefined): ReplicationChannel {
  const text = (name: string) => row[name] ?? '';
  const failure = (number: string, message: string): ReplicationError | undefined =>
    Number(number) === 0 ? undefined : { number: Number(number), message: withoutTries(message) };
  return {
    sourceHost: text('Source_Host'),
    sourcePort: Number(text('Source_Port')),
    sourceUser: text('Source_User'),
    sourceUuid: text('Source_UUID'),
    sourceServerId: Number(text('Source_Server_Id')),
    byGtid: text('Auto_Position') === '1' || text('Using_Gtid') === 'Slave_Pos',
    tls: text('Source_SSL_Allowed') === 'Yes',
    caFile: text('Source_SSL_CA_File'),
    verifyName: text('Source_SSL_Verify_Server_Cert') === 'Yes',
    receiver: RECEIVER[text('Replica_IO_Running')] ?? 'stopped',
    applier: text('Replica_SQL_Running') === 'Yes' ? 'running' : 'stopped',
    receiverError: failure(text('Last_IO_Errno'), text('Last_IO_Error')),
    applierError:
      worker === undefined
        ? failure(text('Last_SQL_Errno'), text('Last_SQL_Error'))
        : failure(worker['number'] ?? '', worker['message'] ?? ''),
    secondsBehind: /^\d+$/.test(text('Seconds_Behind_Source')) ? Number(text('Seconds_Behind_Source')) : undefined,
  };
}

/** The message without the count of tries, which is another each time that it is read. */
function withoutTries(message: string): string {
  return message
    .replace(/ This was attempt \d+\/\d+, with a delay of \d+ seconds? between attempts\./, '')
    .replace(/ - retry-time: \d+\s+maximum-retries: \d+\s+message:/, ':');
}

/** MariaDB's columns under MySQL's newer names: `Master_Host` is `Source_Host`. */
function modernNames(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name.replace('Master', 'Source').replace('Slave', 'Replica'), value]),
  );
}
