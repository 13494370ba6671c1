import type { MysqlGrant } from '../../facts/mysql/grants.js';
import type { MysqlFlavour } from '../../facts/mysqlServer.js';
import { PlanError } from '../../model/errors.js';
import { didYouMean } from '../../util/names.js';
import { sqlName } from '../../util/sql.js';

export const ALL = 'ALL PRIVILEGES';
export const GRANT_OPTION = 'GRANT OPTION';

/** One privilege, several names: what the other flavour calls it, or its newer word. */
const SYNONYMS: Readonly<Record<MysqlFlavour, Readonly<Record<string, string>>>> = {
  mysql: {
    'REPLICATION REPLICA': 'REPLICATION SLAVE',
    'BINLOG MONITOR': 'REPLICATION CLIENT',
    'SLAVE MONITOR': 'REPLICATION CLIENT',
    'REPLICA MONITOR': 'REPLICATION CLIENT',
    'REPLICATION SLAVE ADMIN': 'REPLICATION_SLAVE_ADMIN',
    'REPLICATION REPLICA ADMIN': 'REPLICATION_SLAVE_ADMIN',
  },
  mariadb: {
    'REPLICATION REPLICA': 'REPLICATION SLAVE',
    'REPLICATION CLIENT': 'BINLOG MONITOR',
    'REPLICA MONITOR': 'SLAVE MONITOR',
    REPLICATION_SLAVE_ADMIN: 'REPLICATION SLAVE ADMIN',
    'REPLICATION REPLICA ADMIN': 'REPLICATION SLAVE ADMIN',
    'DELETE VERSIONING ROWS': 'DELETE HISTORY',
    'READ ONLY ADMIN': 'READ_ONLY ADMIN',
  },
};

/** What a server can grant: its flavour, and the names that it knows. */
export interface PrivilegeSystem {
  readonly flavour: MysqlFlavour;
  /** Empty where that is not known yet: then every name is taken. */
  readonly known: readonly string[];
}

/** A privilege as this server's SHOW GRANTS names it. Throws PlanError for one that it does not have. */
export function canonicalPrivilege(name: string, { flavour, known }: PrivilegeSystem): string {
  const upper = name.trim().replace(/\s+/g, ' ').toUpperCase();
  const canonical = SYNONYMS[flavour][upper] ?? upper;
  if (canonical === 'ALL' || canonical === ALL) return ALL;
  if (known.length === 0 || known.includes(canonical)) return canonical;
  const product = flavour === 'mysql' ? 'MySQL' : 'MariaDB';
  throw new PlanError(`this ${product} server has no privilege ${upper}${didYouMean(upper, known)}`, {
    hint: 'SHOW PRIVILEGES lists what it has; MySQL and MariaDB differ in the administrative ones',
  });
}

/** `app.*` as GRANT wants it. The name of a database is a pattern there: its `_` and `%` are escaped to stand for themselves. */
export function grantObject(on: string): string {
  const [database = '', table = ''] = on.split('.');
  if (database === '*') return '*.*';
  if (table !== '*') return `${sqlName(database)}.${sqlName(table)}`;
  return `${sqlName(database.replace(/[_%]/g, '\\$&'))}.*`;
}

/**
 * Grants with `ALL PRIVILEGES` on `*.*` where that is wanted and what is there amounts to it: MySQL lists them one by
 * one. Where it is not wanted they stay a list, as MySQL's `REVOKE ALL PRIVILEGES ON *.*` revokes all on every
 * database too.
 */
export function foldAll(
  now: readonly MysqlGrant[],
  wanted: readonly MysqlGrant[],
  { known }: PrivilegeSystem,
): readonly MysqlGrant[] {
  if (!wanted.some(({ on, privileges }) => on === '*.*' && privileges.includes(ALL))) return now;
  const every = known.filter((name) => !['USAGE', 'PROXY', GRANT_OPTION].includes(name));
  return now.map((grant) => {
    if (grant.on !== '*.*' || every.length === 0 || !every.every((name) => grant.privileges.includes(name))) return grant;
    return { on: grant.on, privileges: [ALL, ...grant.privileges.filter((name) => name === GRANT_OPTION)] };
  });
}

/** An object as a person reads it: `app_x.*` for `` `app\_x`.* ``. */
export function showObject(on: string): string {
  return on.replace(/\\([_%])/g, '$1').replaceAll('`', '');
}
