import { isIPv4 } from 'node:net';
import { z } from 'zod';
import type { Os } from 'provision/facts/os';
import type { Host } from 'provision/host';
import type { HostFault } from 'provision/playbook';
import { openText, secret } from 'provision/vars';
import { addressOf, networkVars } from './network.js';

/** Variables of the database servers. */
export const mysqlVars = z.object({
  ...networkVars.shape,
  /** Which server: `mysql` or `mariadb`. `auto`: the one that the host's distribution offers (Debian's stable releases: MariaDB; Ubuntu: MySQL). */
  mysql_flavour: z.enum(['auto', 'mysql', 'mariadb']).default('auto'),
  /** The host that takes the writes on bare hosts. Later the one that does is found by asking, whatever stands here. Default: the first of the group `db`. */
  mysql_primary: z.string().optional(),
  /** The addresses that the servers listen on. */
  mysql_bind_address: z.string().default('0.0.0.0'),
  /** The port that the servers listen on. */
  mysql_port: z.number().int().min(1).max(65535).default(3306),
  /** Unique among all servers that replicate from each other. Default: made of the host's address. */
  mysql_server_id: z.number().int().min(1).max(4_294_967_295).optional(),
  /** Memory for cached data and indexes, as the server writes sizes. */
  mysql_buffer_pool: z
    .string()
    .regex(/^\d+[KMG]?$/, 'expected a size such as 512M')
    .default('128M'),
  /** Most connections at once. */
  mysql_max_connections: z.number().int().min(10).default(151),
  /** How many days of binary logs are kept: how long a replica may be away. */
  mysql_binlog_days: z.number().int().min(1).max(99).default(7),
  /** The application's database. */
  mysql_app_database: z
    .string()
    .regex(/^[A-Za-z0-9_]+$/, 'expected letters, digits and _')
    .default('app'),
  /** The application's account, which may connect from the web hosts only. */
  mysql_app_user: z
    .string()
    .regex(/^[A-Za-z0-9_]+$/, 'expected letters, digits and _')
    .default('app'),
  /** The password of that account. */
  mysql_app_password: secret(),
  /** The account that replicas log in with. */
  mysql_replication_user: z
    .string()
    .regex(/^[A-Za-z0-9_]+$/, 'expected letters, digits and _')
    .default('repl'),
  /** The password of that account. */
  mysql_replication_password: secret(),
  /** Longest time that a commit waits until a replica has it too, in milliseconds; then the primary goes on without, until one is back. */
  mysql_semi_sync_timeout: z.number().int().min(10).max(600_000).default(1000),
  /** The account with which a server asks the others at its start whether one of them takes the writes. */
  mysql_guard_user: z
    .string()
    .regex(/^[A-Za-z0-9_]+$/, 'expected letters, digits and _')
    .default('guard'),
  /** Throw away what a replica-to-be holds when it is not the primary's data. False refuses, and says what it holds. */
  mysql_replica_overwrite: z.boolean().default(false),
  /** The site's own authority, in PEM, which signs the servers' certificates. */
  ca_certificate: openText(z.string().startsWith('-----BEGIN CERTIFICATE-----', { error: 'expected a certificate in PEM' })),
  /** Its private key, in PEM. */
  ca_key: secret(),
});

export type MysqlVars = z.output<typeof mysqlVars>;
export type Flavour = 'mysql' | 'mariadb';

/** What mysql.cnf.ejs and mariadb.cnf.ejs are given. */
export interface MysqlTemplate {
  readonly hostName: string;
  readonly serverId: number;
  readonly bindAddress: string;
  readonly port: number;
  readonly bufferPool: string;
  readonly maxConnections: number;
  readonly binlogDays: number;
  /** Whether it is one of several: it starts read-only, and replicates semi-synchronously. */
  readonly grouped: boolean;
  /** Longest wait of a commit for a replica, in milliseconds. */
  readonly semiSyncTimeout: number;
  /** The folder of the certificates. */
  readonly tls: string;
}

/** The flavour for a host. Debian's stable releases have only MariaDB; sid (which has no version) and Ubuntu have MySQL. */
export function flavourOf({ mysql_flavour: wanted }: MysqlVars, os: Os): Flavour {
  if (wanted !== 'auto') return wanted;
  return os.id === 'ubuntu' || (os.id === 'debian' && os.versionId === undefined) ? 'mysql' : 'mariadb';
}

/** A server id that is unique as far as addresses are: the IPv4 address as a number. */
export function serverIdOf(host: Host<MysqlVars>): number {
  const address = addressOf(host);
  return host.vars.mysql_server_id ?? address.split('.').reduce((id, part) => id * 256 + Number(part), 0);
}

/** Faults of the database hosts as a group. */
export function checkDatabases(databases: readonly Host<MysqlVars>[]): readonly HostFault[] {
  const faults: HostFault[] = [];
  const names = databases.map(({ name }) => name);
  const primaries = new Set(databases.map(({ vars }) => vars.mysql_primary));
  for (const { name: host, vars } of databases) {
    const { mysql_primary: value } = vars;
    if (value === undefined || names.includes(value)) continue;
    faults.push({
      message: `"mysql_primary": found "${value}", which is no host of the group db`,
      host,
      variable: 'mysql_primary',
      value,
      known: names,
    });
  }
  if (faults.length === 0 && primaries.size > 1) {
    const host = databases.find(({ vars }) => vars.mysql_primary !== undefined)?.name;
    faults.push({
      message: '"mysql_primary": the hosts of the group db do not agree on it',
      host,
      variable: 'mysql_primary',
      hint: 'set it for the group, in group_vars/db.yml say',
    });
  }
  for (const host of databases) {
    if (!isIPv4(addressOf(host))) {
      faults.push({
        message: `${host.name}: database servers know each other by IPv4 address, and "${addressOf(host)}" is none`,
        host: host.name,
        variable: 'ansible_host',
        hint: `set internal_address for ${host.name}`,
      });
    }
  }
  const ids = new Map<number, string>();
  for (const host of databases) {
    const id = serverIdOf(host);
    const other = ids.get(id);
    if (other !== undefined) {
      faults.push({
        message: `"mysql_server_id": ${other} and ${host.name} both have ${id}, and it must be unique`,
        host: host.name,
        variable: 'mysql_server_id',
      });
    }
    ids.set(id, host.name);
  }
  return faults;
}
