import type { MysqlFlavour } from '../facts/mysqlServer.js';
import { TaskError } from '../model/errors.js';
import { closeStatement, openStatements, setSemiSyncSource } from '../tasks/mysql/roles.js';
import { joinText, type Text } from '../util/secret.js';

/** Seconds that closing a server may wait for statements that hold locks. */
const LOCK_SECONDS = 5;

const HEREDOC = 'END_OF_SQL';

/**
 * A command that runs statements as root over the socket and prints bare values. It asks nothing first, unlike the facts'
 * client: while no server takes writes, every process counts.
 */
export function sql(flavour: MysqlFlavour, statements: readonly Text[], options = ''): Text {
  const client = flavour === 'mysql' ? 'mysql --protocol=socket --ssl-mode=DISABLED' : 'mariadb --protocol=socket --skip-ssl';
  return joinText([
    `${client} --batch --raw --skip-column-names ${options}<<'${HEREDOC}'\nSET SESSION sql_mode = '';\n`,
    ...statements.flatMap((statement) => [statement, ';\n']),
    HEREDOC,
  ]);
}

/** Closes the primary for writes, and prints what it has then. */
export function closeAndTell(flavour: MysqlFlavour): Text {
  return sql(flavour, [
    `SET SESSION lock_wait_timeout = ${LOCK_SECONDS}`,
    closeStatement(flavour),
    // MariaDB's read_only lets commits end that are on their way: the lock waits for them.
    ...(flavour === 'mariadb' ? ['FLUSH TABLES WITH READ LOCK'] : []),
    positionNow(flavour),
    ...(flavour === 'mariadb' ? ['UNLOCK TABLES'] : []),
  ]);
}

/** Opens a server that replicates no more. */
export function openNow(flavour: MysqlFlavour): Text {
  return sql(flavour, [setSemiSyncSource(flavour, true), ...openStatements(flavour)]);
}

/** Makes a replica the primary: it forgets its source, and takes writes. */
export function promote(flavour: MysqlFlavour): Text {
  const replica = flavour === 'mysql' ? 'REPLICA' : 'SLAVE';
  return sql(flavour, [`STOP ${replica}`, `RESET ${replica} ALL`, setSemiSyncSource(flavour, true), ...openStatements(flavour)]);
}

/** Waits until a replica has applied a position; fails where it has not in time. */
export function waitFor(flavour: MysqlFlavour, position: string, seconds: number): Text {
  const wait =
    flavour === 'mysql'
      ? `SELECT WAIT_FOR_EXECUTED_GTID_SET('${position}', ${seconds})`
      : `SELECT MASTER_GTID_WAIT('${position}', ${seconds})`;
  return joinText([
    'reached=$(',
    sql(flavour, [wait]),
    `\n)\n[ "$reached" = 0 ] || { echo 'the replica has not applied all of it after ${seconds} s' >&2; exit 1; }`,
  ]);
}

/** Ends the fetching, applies all that was fetched, and prints what the server has then. */
export function applyRelayLog(flavour: MysqlFlavour, seconds: number): Text {
  const late = `{ echo 'what was fetched is not applied after ${seconds} s' >&2; exit 1; }`;
  if (flavour === 'mysql') {
    const received = `(SELECT RECEIVED_TRANSACTION_SET FROM performance_schema.replication_connection_status WHERE CHANNEL_NAME = '')`;
    return joinText([
      'all=$(',
      sql(flavour, [
        'STOP REPLICA IO_THREAD',
        `SELECT WAIT_FOR_EXECUTED_GTID_SET(${received}, ${seconds})`,
        positionNow(flavour),
      ]),
      `\n)\n[ "$(printf '%s\\n' "$all" | head -n 1)" = 0 ] || ${late}\nprintf '%s\\n' "$all" | tail -n +2`,
    ]);
  }
  return joinText([
    'position=$(',
    sql(flavour, ['STOP SLAVE IO_THREAD', 'SHOW SLAVE STATUS'], '--vertical --column-names '),
    `\n)
position=$(printf '%s\\n' "$position" | sed -n 's/^ *Gtid_IO_Pos: *//p')
case $position in *[!0-9,-]*) echo "no position: $position" >&2; exit 1 ;; esac
if [ -n "$position" ]; then
  reached=$(printf "SELECT MASTER_GTID_WAIT('%s', ${seconds})" "$position" | mariadb --protocol=socket --skip-ssl --batch --skip-column-names)
  [ "$reached" = 0 ] || ${late}
fi
`,
    sql(flavour, ['SELECT @@GLOBAL.gtid_slave_pos']),
  ]);
}

/** What a command printed as a position, on one line. Throws TaskError for anything else. */
export function positionIn(printed: string): string {
  const position = printed.replace(/\s/g, '');
  if (/^[0-9A-Za-z_:,-]*$/.test(position)) return position;
  throw new TaskError(`what the server has is no set of transactions: ${printed}`);
}

function positionNow(flavour: MysqlFlavour): string {
  return flavour === 'mysql' ? 'SELECT @@GLOBAL.gtid_executed' : 'SELECT @@GLOBAL.gtid_binlog_pos';
}
