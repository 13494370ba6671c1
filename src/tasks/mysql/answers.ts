import { mysqlAccount } from '../../facts/mysqlAccount.js';
import { mysqlData } from '../../facts/mysqlData.js';
import { mysqlDatabases } from '../../facts/mysqlDatabases.js';
import { mysqlGtid } from '../../facts/mysqlGtid.js';
import { mysqlPrivileges } from '../../facts/mysqlPrivileges.js';
import { mysqlReplication } from '../../facts/mysqlReplication.js';
import { mysqlServer, type MysqlFlavour, type RunningMysql } from '../../facts/mysqlServer.js';
import { predictFrom, unchanged } from '../../model/fact.js';
import type { UnitAnswers } from '../shared/answers.js';
import { diagnose } from './replicationErrors.js';

/** What a database server's configuration says. */
export interface MysqlSettings {
  readonly flavour: MysqlFlavour;
  readonly serverId: number;
  readonly port: number;
  /** Whether it starts read-only: on MySQL for root too. */
  readonly readOnly: boolean;
  /** What it calls itself to its source. */
  readonly reportHost: string;
}

/** Where Debian's servers keep their data. */
const DATA = '/var/lib/mysql';

/**
 * What a server will answer after a start or restart with these settings, for the option `answers` of its `service`:
 * so a dry run tells what is made in a server that is not there yet. It is taken to be ready for replication, with a
 * binary log, GTIDs and TLS, on MySQL with the CLONE plugin; and to start its replication with itself.
 */
export function mysqlAnswers({ flavour, serverId, port, readOnly, reportHost }: MysqlSettings): UnitAnswers {
  const mysql = flavour === 'mysql';
  const decided = {
    serverId,
    port,
    binaryLog: true,
    gtid: true,
    gtidStrict: !mysql,
    readOnly,
    superReadOnly: mysql && readOnly,
    tls: true,
    clonePlugin: mysql,
    reportHost,
    // Whoever opens the server turns it on.
    semiSyncSource: false,
    semiSyncReplica: true,
  };
  const fresh: RunningMysql = {
    ...decided,
    state: 'running',
    flavour,
    version: '',
    serverUuid: mysql ? standIn(serverId) : '',
    hostname: '',
    dataDirectory: DATA,
  };
  return {
    firstStart: [
      mysqlServer({}).predict(fresh),
      mysqlDatabases({}).predict([]),
      mysqlAccount.every().predict(undefined),
      mysqlPrivileges({}).predict([]),
      mysqlReplication({}).predict(undefined),
      mysqlGtid({}).predict({ executed: '', purged: '', slavePosition: '', binlogState: '', oldest: mysql ? undefined : '' }),
    ],
    used: mysqlData(DATA),
    restart: [
      predictFrom(mysqlServer({}), (now) => (now.state === 'running' ? { value: { ...now, ...decided } } : undefined)),
      ...[mysqlDatabases({}), mysqlAccount.every(), mysqlPrivileges({}), mysqlGtid({})].map(unchanged),
      predictFrom(mysqlReplication({}), (now) => {
        if (now === undefined) return { value: now };
        // The source refuses a password as before; whether another error comes again cannot be told.
        if (now.receiverError !== undefined && diagnose(now.receiverError).cure === 'credentials') return { value: now };
        if (now.receiverError !== undefined || now.applierError !== undefined) return undefined;
        return { value: { ...now, receiver: 'running' as const, applier: 'running' as const } };
      }),
    ],
  };
}

/** In place of a server_uuid that is not made yet: another one for each server. It is shown nowhere. */
function standIn(serverId: number): string {
  return `00000000-0000-0000-0000-${serverId.toString(16).padStart(12, '0')}`;
}
