import type { MysqlFlavour } from '../../facts/mysqlServer.js';
import { joinText, secretText, type Secret, type Text } from '../../util/secret.js';
import { sqlString } from '../../util/sql.js';

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
