import type { MysqlReplication } from '../../src/facts/mysqlReplication.js';
import type { RunningMysql } from '../../src/facts/mysqlServer.js';
import { sha256 } from '../../src/util/hash.js';
import { Secret } from '../../src/util/secret.js';

/** A writable primary, MySQL unless told otherwise. */
export function aServer(other: Partial<RunningMysql> = {}): RunningMysql {
  const mysql = other.flavour !== 'mariadb';
  return {
    state: 'running',
    flavour: 'mysql',
    version: mysql ? '9.7.4' : '10.11.19',
    serverId: 21,
    serverUuid: mysql ? '11111111-1111-1111-1111-111111111111' : '',
    hostname: 'web-01',
    port: 3306,
    dataDirectory: '/var/lib/mysql',
    binaryLog: true,
    gtid: true,
    gtidStrict: !mysql,
    readOnly: false,
    superReadOnly: false,
    tls: true,
    clonePlugin: mysql,
    reportHost: 'web-01',
    semiSyncSource: false,
    semiSyncReplica: false,
    ...other,
  };
}

/** A healthy replica of web-01 (10.0.0.21), MySQL's unless told otherwise. */
export function aReplication(other: Partial<MysqlReplication> = {}): MysqlReplication {
  return {
    sourceHost: '10.0.0.21',
    sourcePort: 3306,
    sourceUser: 'repl',
    passwordHash: new Secret(sha256('repl-secret-1')),
    sourceUuid: '11111111-1111-1111-1111-111111111111',
    sourceServerId: 21,
    byGtid: true,
    tls: true,
    caFile: '/etc/mysql/tls/ca.pem',
    verifyName: true,
    receiver: 'running',
    applier: 'running',
    receiverError: undefined,
    applierError: undefined,
    secondsBehind: 0,
    ...other,
  };
}
