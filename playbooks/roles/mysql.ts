import type { Os } from 'provision/facts/os';
import type { DatabaseServer } from 'provision/database';
import type { MysqlNode } from 'provision/facts/mysqlNode';
import type { Host } from 'provision/host';
import type { GroupFacts, TaskContext, TaskList } from 'provision/playbook';
import { mysqlAnswers } from 'provision/tasks/mysql/answers';
import { certificate } from 'provision/tasks/certificate';
import { configFiles } from 'provision/tasks/configFiles';
import { directory } from 'provision/tasks/directory';
import { mysqlDatabase } from 'provision/tasks/mysqlDatabase';
import { mysqlReplica } from 'provision/tasks/mysqlReplica';
import { mysqlUser } from 'provision/tasks/mysqlUser';
import { mysqlWritable } from 'provision/tasks/mysqlWritable';
import { packages } from 'provision/tasks/packages';
import { service } from 'provision/tasks/service';
import { addressOf } from './network.js';
import { BACKUP_PROGRAM, type BackupVars } from './backupsVars.js';
import { GUARD_OPTION_FILE, guardAccount, mysqlGuard } from './mysqlGuard.js';
import { primaryOf } from './mysqlPrimary.js';
import { flavourOf, serverIdOf, type Flavour, type MysqlTemplate, type MysqlVars } from './mysqlVars.js';

type Context = TaskContext<MysqlVars, 'db' | 'web', { os: Os; databases: GroupFacts<MysqlNode> }>;

const TLS = '/etc/mysql/tls';

/** What differs between the two servers. */
const FLAVOURS: Readonly<
  Record<Flavour, { packages: readonly string[]; unit: string; config: string; template: string; validate: string }>
> = {
  mysql: {
    packages: ['mysql-server', 'mysql-client'],
    unit: 'mysql',
    config: '/etc/mysql/mysql.conf.d/zz-provision.cnf',
    template: 'mysql.cnf.ejs',
    validate: 'mysqld --validate-config',
  },
  mariadb: {
    packages: ['mariadb-server', 'mariadb-client', 'mariadb-backup'],
    unit: 'mariadb',
    config: '/etc/mysql/mariadb.conf.d/zz-provision.cnf',
    template: 'mariadb.cnf.ejs',
    // It has no option that only validates: printing its help reads the configuration, and names what it does not know.
    validate: "mariadbd --verbose --help 2>&1 >/dev/null | grep -E 'ERROR|unknown' && exit 1 || true",
  },
};

/** A database server with binary logs, GTIDs and TLS. One of several starts read-only; the one that takes the writes is opened. */
export function mysqlServer({ host, vars, hosts, facts }: Context): TaskList {
  const flavour = flavourOf(vars, facts.os);
  const { packages: names, unit, config, template, validate } = FLAVOURS[flavour];
  const grouped = hosts('db').length > 1;
  const isPrimary = primaryOf(hosts('db'), facts.databases).name === host.name;
  const given: MysqlTemplate = {
    hostName: host.name,
    serverId: serverIdOf(host),
    bindAddress: vars.mysql_bind_address,
    port: vars.mysql_port,
    bufferPool: vars.mysql_buffer_pool,
    maxConnections: vars.mysql_max_connections,
    binlogDays: vars.mysql_binlog_days,
    grouped,
    semiSyncTimeout: vars.mysql_semi_sync_timeout,
    tls: TLS,
  };
  const loaded = [config, `${TLS}/ca.pem`, `${TLS}/server.pem`, `${TLS}/server.key`];
  return [
    packages({ names: [...names, 'openssl'] }, { tags: ['packages'] }),
    // Where it is, systemd listens on all addresses for the server, and starts a stopped one for the next client.
    service({ name: 'mariadb.socket', state: 'stopped', masked: true }, { when: flavour === 'mariadb' }),
    directory({ path: TLS, owner: 'root', group: 'mysql', mode: '0750' }),
    certificate({
      path: `${TLS}/server.pem`,
      keyPath: `${TLS}/server.key`,
      caPath: `${TLS}/ca.pem`,
      caCertificate: vars.ca_certificate,
      caKey: vars.ca_key,
      commonName: host.name,
      sans: [host.name, addressOf(host)],
      owner: 'root',
      group: 'mysql',
      keyMode: '0640',
    }),
    configFiles({ name: `${flavour} settings`, files: [{ path: config, template, vars: { ...given }, mode: '0644' }], validate }),
    ...(grouped
      ? [mysqlGuard({ host, vars, peers: hosts('db').filter(({ name }) => name !== host.name), flavour, tls: TLS })]
      : []),
    service({
      name: unit,
      state: 'running',
      enabled: true,
      restartWhen: loaded,
      answers: mysqlAnswers({ ...given, flavour, readOnly: grouped, reportHost: host.name }),
    }),
    // At once, as after a restart nobody can write until then.
    mysqlWritable({ writable: true, semiSync: grouped }, { when: isPrimary }),
  ];
}

/** The primary has the accounts, which reach the replicas by replication. */
export function mysqlPrimary({ host, vars, hosts, facts }: Context): TaskList {
  if (primaryOf(hosts('db'), facts.databases).name !== host.name) return [];
  const flavour = flavourOf(vars, facts.os);
  const database = vars.mysql_app_database;
  return [
    mysqlDatabase({ name: database }),
    ...hosts('web').map((web) =>
      mysqlUser({
        name: vars.mysql_app_user,
        host: addressOf(web),
        password: vars.mysql_app_password,
        requireTls: true,
        grants: [
          {
            privileges: ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'CREATE', 'ALTER', 'INDEX', 'DROP', 'REFERENCES'],
            on: `${database}.*`,
          },
        ],
      }),
    ),
    ...hosts('db').map((db) =>
      mysqlUser({
        name: vars.mysql_replication_user,
        host: addressOf(db),
        password: vars.mysql_replication_password,
        requireTls: true,
        // BACKUP_ADMIN lets a new replica CLONE the primary; MariaDB's first copy needs no account.
        grants: [{ privileges: flavour === 'mysql' ? ['REPLICATION SLAVE', 'BACKUP_ADMIN'] : ['REPLICATION SLAVE'], on: '*.*' }],
      }),
    ),
    ...(hosts('db').length > 1 ? hosts('db').map((db) => guardAccount(db)) : []),
  ];
}

/** Replicas copy the primary once and follow it from there. */
export function mysqlReplicas({ host, vars, hosts, facts }: Context): TaskList {
  const primary = primaryOf(hosts('db'), facts.databases);
  if (primary.name === host.name) return [];
  return [
    mysqlReplica({
      source: primary.name,
      sourceAddress: addressOf(primary),
      port: vars.mysql_port,
      user: vars.mysql_replication_user,
      password: vars.mysql_replication_password,
      caFile: `${TLS}/ca.pem`,
      overwrite: vars.mysql_replica_overwrite,
    }),
  ];
}

/** The servers as `provision db` works on them. */
export function databaseServers(databases: readonly Host<MysqlVars & BackupVars>[]): readonly DatabaseServer[] {
  return databases.map((host): DatabaseServer => ({
    host: host.name,
    address: addressOf(host),
    port: host.vars.mysql_port,
    replicationUser: host.vars.mysql_replication_user,
    replicationPassword: host.vars.mysql_replication_password,
    caFile: `${TLS}/ca.pem`,
    peerOptionFile: GUARD_OPTION_FILE,
    backupFolder: host.vars.backup_folder,
    backupProgram: BACKUP_PROGRAM,
  }));
}
