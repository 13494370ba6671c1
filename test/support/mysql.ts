import type { MysqlReplication } from '../../src/facts/mysqlReplication.js';
import type { RunningNode } from '../../src/facts/mysqlNode.js';
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

/** A server of a group: a primary with one acknowledging replica, MySQL unless told otherwise. */
export function aNode(other: Partial<RunningNode> = {}): RunningNode {
  return {
    state: 'running',
    server: aServer({ semiSyncSource: true, semiSyncReplica: true }),
    channel: undefined,
    gtid: {
      executed: '11111111-1111-1111-1111-111111111111:1-100',
      purged: '',
      slavePosition: '',
      binlogState: '',
      oldest: undefined,
    },
    retrieved: '',
    semiSync: { sourceActive: true, clients: 1, replicaActive: false },
    ...other,
  };
}

/** A healthy replica of `aNode()`, read-only. */
export function aReplicaNode(other: Partial<RunningNode> = {}): RunningNode {
  return aNode({
    server: aServer({
      serverId: 22,
      serverUuid: '22222222-2222-2222-2222-222222222222',
      readOnly: true,
      superReadOnly: true,
      semiSyncReplica: true,
    }),
    channel: aReplication(),
    semiSync: { sourceActive: false, clients: 0, replicaActive: true },
    ...other,
  });
}
