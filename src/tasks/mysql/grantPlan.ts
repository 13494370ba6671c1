import type { MysqlGrant } from '../../facts/mysql/grants.js';
import { ALL, GRANT_OPTION, showObject } from './privileges.js';

/** What makes one account's grants the wanted ones. */
export interface GrantPlan {
  /** In words: `grant SELECT on app.*`. */
  readonly words: readonly string[];
  /** Statements in order, to follow the account's creation. */
  readonly statements: readonly string[];
  /** What the account has afterwards. */
  readonly after: readonly MysqlGrant[];
}

/** `exclusive`: what is not wanted is revoked. `account` is quoted for SQL. */
export function planGrants(
  account: string,
  wanted: readonly MysqlGrant[],
  now: readonly MysqlGrant[],
  exclusive: boolean,
): GrantPlan {
  const objects = [...new Set([...wanted, ...now].map(({ on }) => on))];
  const parts = objects.map((on) => planObject(account, on, privilegesOn(wanted, on), privilegesOn(now, on), exclusive));
  return {
    words: parts.flatMap(({ words }) => words),
    statements: parts.flatMap(({ statements }) => statements),
    after: parts.flatMap(({ after }) => after).filter(({ privileges }) => privileges.length > 0),
  };
}

function privilegesOn(grants: readonly MysqlGrant[], on: string): readonly string[] {
  return grants.filter((grant) => grant.on === on).flatMap(({ privileges }) => privileges);
}

function planObject(
  account: string,
  on: string,
  wanted: readonly string[],
  now: readonly string[],
  exclusive: boolean,
): GrantPlan {
  const isPart = (name: string) => name !== ALL && name !== GRANT_OPTION;
  const excess = exclusive ? now.filter((name) => !wanted.includes(name) && !(wanted.includes(ALL) && isPart(name))) : [];
  // To keep some of ALL, all must go first: what it stands for is the server's matter.
  const kept = excess.includes(ALL) ? now.filter((name) => !isPart(name) && !excess.includes(name)) : now;
  const missing = wanted.filter((name) => !kept.includes(name) && !(kept.includes(ALL) && isPart(name)));
  const parts = excess.filter(isPart);
  const revoked = [
    ...(parts.length > 0 ? [parts.join(', ')] : []),
    ...[ALL, GRANT_OPTION].filter((name) => excess.includes(name)),
  ];
  const revoke = [
    ...revoked.map((names) => `REVOKE ${names}${on === '' ? '' : ` ON ${on}`} FROM ${account}`),
    // MySQL 9.7 goes on believing in the option of its dynamic privileges until it reads its tables again.
    ...(on === '*.*' && excess.includes(GRANT_OPTION) && now.some((name) => name.includes('_')) ? ['FLUSH PRIVILEGES'] : []),
  ];
  const grant = missing.length === 0 ? [] : [grantStatement(account, on, missing)];
  const where = on === '' ? '' : ` on ${showObject(on)}`;
  return {
    words: [
      ...(missing.length > 0 ? [`grant ${list(missing)}${where}`] : []),
      ...(excess.length > 0 ? [`revoke ${list(excess)}${where}`] : []),
    ],
    statements: excess.includes(ALL) ? [...revoke, ...grant] : [...grant, ...revoke],
    after: [{ on, privileges: [...new Set([...now.filter((name) => !excess.includes(name)), ...wanted])] }],
  };
}

function grantStatement(account: string, on: string, names: readonly string[]): string {
  const plain = names.filter((name) => name !== GRANT_OPTION);
  const what = plain.includes(ALL) ? ALL : plain.join(', ');
  const option = plain.length < names.length ? ' WITH GRANT OPTION' : '';
  return `GRANT ${what === '' ? 'USAGE' : what} ON ${on} TO ${account}${option}`;
}

/** Names for a summary, which the diff says in full. */
function list(names: readonly string[]): string {
  return names.length > 12 ? `${names.length} privileges` : names.join(', ');
}
