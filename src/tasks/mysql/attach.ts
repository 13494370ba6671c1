import { mysqlFunction, runMysql } from '../../facts/mysql/client.js';
import type { MysqlFlavour } from '../../facts/mysqlServer.js';
import { joinText, secretText, type Secret, type Text } from '../../util/secret.js';
import { sqlString } from '../../util/sql.js';

/** Refused account, refused address, TLS that does not fit: the thread goes on trying, in vain. */
const HOPELESS = [1045, 1130, 2026];

/** From where and how a replica is to replicate. */
export interface WantedSource {
  readonly sourceAddress: string;
  readonly port: number;
  readonly user: string;
  readonly password: Secret;
  readonly caFile: string | undefined;
  readonly verifyName: boolean;
  /** How long to wait for it to run, in seconds. */
  readonly waitSeconds: number;
}

/** What an attaching replica needs to know besides. */
export interface AttachDetails {
  readonly flavour: MysqlFlavour;
  /** The source's transactions now, which the replica is to reach: a GTID set, or a MariaDB position. */
  readonly target: string;
  /** MariaDB: it was a primary, and goes on from its own last transaction. */
  readonly formerPrimary?: boolean;
}

/** Seconds between tries to reach a source that is away, and between its signs of life. */
const RETRY = 5;
const HEARTBEAT = 5;
/** How often it tries before it gives up: five days of tries. MySQL 9 would give up after ten. */
const RETRIES = 86_400;

/** Statements that point a replica at its source, by GTID and over TLS, and start it. Read-only comes with it. */
export function attachStatements(source: WantedSource, details: AttachDetails): readonly Text[] {
  return details.flavour === 'mysql' ? attachMysql(source) : attachMariadb(source, details.formerPrimary ?? false);
}

function attachMysql(source: WantedSource): readonly Text[] {
  const { sourceAddress, port, user, password, caFile, verifyName } = source;
  const settings: Text[] = [
    `SOURCE_HOST = ${sqlString(sourceAddress)}`,
    `SOURCE_PORT = ${port}`,
    `SOURCE_USER = ${sqlString(user)}`,
    secretText`SOURCE_PASSWORD = ${sqlString(password)}`,
    'SOURCE_AUTO_POSITION = 1',
    'SOURCE_SSL = 1',
    `SOURCE_SSL_CA = ${sqlString(caFile ?? '')}`,
    `SOURCE_SSL_VERIFY_SERVER_CERT = ${verifyName ? 1 : 0}`,
    `SOURCE_CONNECT_RETRY = ${RETRY}`,
    `SOURCE_RETRY_COUNT = ${RETRIES}`,
    `SOURCE_HEARTBEAT_PERIOD = ${HEARTBEAT}`,
  ];
  return [
    'STOP REPLICA',
    joinText(['CHANGE REPLICATION SOURCE TO ', joinText(settings, ', ')]),
    'START REPLICA',
    'SET GLOBAL super_read_only = ON',
  ];
}

function attachMariadb(source: WantedSource, formerPrimary: boolean): readonly Text[] {
  const { sourceAddress, port, user, password, caFile, verifyName } = source;
  const settings: Text[] = [
    `MASTER_HOST = ${sqlString(sourceAddress)}`,
    `MASTER_PORT = ${port}`,
    `MASTER_USER = ${sqlString(user)}`,
    secretText`MASTER_PASSWORD = ${sqlString(password)}`,
    'MASTER_USE_GTID = slave_pos',
    ...(formerPrimary ? ['MASTER_DEMOTE_TO_SLAVE = 1'] : []),
    'MASTER_SSL = 1',
    `MASTER_SSL_CA = ${sqlString(caFile ?? '')}`,
    `MASTER_SSL_VERIFY_SERVER_CERT = ${verifyName ? 1 : 0}`,
    `MASTER_CONNECT_RETRY = ${RETRY}`,
    `MASTER_HEARTBEAT_PERIOD = ${HEARTBEAT}`,
  ];
  return ['STOP SLAVE', joinText(['CHANGE MASTER TO ', joinText(settings, ', ')]), 'START SLAVE', 'SET GLOBAL read_only = ON'];
}

/** Statements that start what is set up already. */
export function restartStatements(flavour: MysqlFlavour): readonly string[] {
  const what = flavour === 'mysql' ? 'REPLICA' : 'SLAVE';
  return [`STOP ${what}`, `START ${what}`];
}

/** The whole script: statements, then the wait. */
export function startReplication(statements: readonly Text[], source: WantedSource, details: AttachDetails): Text {
  return joinText([runMysql(statements), '\n', waitForReplication(details, source.waitSeconds)]);
}

/**
 * A script that waits until both threads run and the replica has what the source had. It fails with the server's error
 * when a thread stops, or does not run in time; being still behind by then is no failure.
 */
export function waitForReplication({ flavour, target }: AttachDetails, seconds: number): string {
  const reached =
    flavour === 'mysql'
      ? `SELECT GTID_SUBSET(${sqlString(target)}, @@gtid_executed)`
      : `SELECT MASTER_GTID_WAIT(${sqlString(target)}, 0) = 0`;
  return `${mysqlFunction('status', 'SHOW REPLICA STATUS')}
${mysqlFunction('reached', reached)}
has() { printf '%s\\n' "$now" | grep -Eq "$1"; }
end=$(($(date +%s) + ${seconds}))
while :; do
  now=$(status)
  late=; [ "$(date +%s)" -lt "$end" ] || late=1
  if has '(Replica|Slave)_IO_Running: Yes' && has '(Replica|Slave)_SQL_Running: Yes'; then
    if reached | grep -q ': 1$'; then break; fi
    if [ "$late" ]; then echo 'replication runs, and is still catching up'; break; fi
  elif [ "$late" ] || has 'Last_IO_Errno: (${HOPELESS.join('|')})$' || { has '_(IO|SQL)_Running: No' && has 'Last_(IO|SQL)_Errno: [1-9]'; }; then
    printf '%s\\n' "$now" | grep -E '_(IO|SQL)_Running:|Last_(IO|SQL)_Errno:' >&2
    echo "replication does not run: $(printf '%s\\n' "$now" | sed -n 's/^ *Last_\\(IO\\|SQL\\)_Error: \\(..*\\)/\\2/p' | tr '\\n' ' ')" >&2
    exit 1
  fi
  sleep 0.2
done`;
}
