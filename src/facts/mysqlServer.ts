import { defineFact } from '../model/fact.js';
import { askMysql, askVariables, parseMysql, serverTopics, type MysqlRows, type NoMysql } from './mysql/client.js';

/** Whose server it is: their SQL differs. */
export type MysqlFlavour = 'mysql' | 'mariadb';

/** A database server that answers root over its socket. */
export interface RunningMysql {
  readonly state: 'running';
  readonly flavour: MysqlFlavour;
  /** As in `9.7.4` or `10.11.19`; empty where a plan speaks of a server that is not installed yet. */
  readonly version: string;
  readonly serverId: number;
  /** Its own, made at its first start; empty on MariaDB, which has none. */
  readonly serverUuid: string;
  /** The host's name as the server saw it at its start. */
  readonly hostname: string;
  readonly port: number;
  readonly dataDirectory: string;
  readonly binaryLog: boolean;
  /** Whether transactions have GTIDs; always so on MariaDB. */
  readonly gtid: boolean;
  /** MariaDB: GTIDs must come in order. False on MySQL, where they always do. */
  readonly gtidStrict: boolean;
  readonly readOnly: boolean;
  /** Read-only for root too; MariaDB has no such thing. */
  readonly superReadOnly: boolean;
  /** Whether it accepts encrypted connections. */
  readonly tls: boolean;
  /** MySQL: whether the CLONE plugin is loaded. */
  readonly clonePlugin: boolean;
  /** What it calls itself to its source, as its configuration says; empty where no such configuration was loaded. */
  readonly reportHost: string;
  /** Semi-synchronous replication, the source's side: whether its commits wait until a replica has them. */
  readonly semiSyncSource: boolean;
  /** The replica's side: whether it acknowledges what it got. */
  readonly semiSyncReplica: boolean;
}

/** A database server, or why none answers. */
export type MysqlServer = RunningMysql | NoMysql;

/** The variables that `serverOf` reads. */
export const SERVER_VARIABLES = [
  'version',
  'server_id',
  'server_uuid',
  'hostname',
  'port',
  'datadir',
  'log_bin',
  'gtid_mode',
  'gtid_strict_mode',
  'read_only',
  'super_read_only',
  'have_ssl',
  'ssl_cert',
  'report_host',
  'rpl_semi_sync_source_enabled',
  'rpl_semi_sync_master_enabled',
  'rpl_semi_sync_replica_enabled',
  'rpl_semi_sync_slave_enabled',
];

/** What `serverOf` reads. */
export const SERVER_QUERIES = {
  variables: askVariables(SERVER_VARIABLES),
  clone: "SELECT plugin_status AS status FROM information_schema.plugins WHERE plugin_name = 'clone'",
};

/** Which database server runs on a host, who it is, and whether it takes writes. Positions are in `mysqlGtid`. */
export const mysqlServer = defineFact<Readonly<Record<string, never>>, MysqlServer>({
  name: 'mysqlServer',
  live: true,
  topics: () => [...serverTopics, 'mysql:writable'],
  command: () => askMysql(SERVER_QUERIES),
  parse: (result) => {
    const answer = parseMysql(result);
    return answer.state === 'running' ? serverOf(answer) : answer;
  },
});

/** The server that answered `SERVER_QUERIES`. */
export function serverOf(answer: MysqlRows): RunningMysql {
  const variables = new Map(answer.rows('variables').map((row) => [row['Variable_name'], row['Value'] ?? '']));
  const value = (name: string) => variables.get(name) ?? '';
  const version = value('version');
  const mariadb = /mariadb/i.test(version);
  return {
    state: 'running',
    flavour: mariadb ? 'mariadb' : 'mysql',
    version: /^\d+(\.\d+)*/.exec(version)?.[0] ?? version,
    serverId: Number(value('server_id')),
    serverUuid: value('server_uuid'),
    hostname: value('hostname'),
    port: Number(value('port')),
    dataDirectory: value('datadir').replace(/\/$/, ''),
    binaryLog: isOn(value('log_bin')),
    gtid: mariadb || value('gtid_mode') === 'ON',
    gtidStrict: isOn(value('gtid_strict_mode')),
    readOnly: isOn(value('read_only')),
    superReadOnly: isOn(value('super_read_only')),
    // MySQL 9 has no have_ssl, and finds its own certificate; MariaDB 11.8 makes one in memory.
    tls: value('have_ssl') === 'YES' || (!mariadb && value('ssl_cert') !== ''),
    clonePlugin: answer.rows('clone')[0]?.['status'] === 'ACTIVE',
    reportHost: value('report_host'),
    semiSyncSource: isOn(value('rpl_semi_sync_source_enabled')) || isOn(value('rpl_semi_sync_master_enabled')),
    semiSyncReplica: isOn(value('rpl_semi_sync_replica_enabled')) || isOn(value('rpl_semi_sync_slave_enabled')),
  };
}

/** 12.x of MariaDB has values of read_only other than ON and OFF, which all restrict writes. */
function isOn(value: string): boolean {
  return value !== '' && value !== 'OFF' && value !== '0';
}
