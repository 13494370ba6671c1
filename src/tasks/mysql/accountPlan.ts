import type { MysqlAccount } from '../../facts/mysqlAccount.js';
import type { MysqlFlavour } from '../../facts/mysqlServer.js';
import { Secret, joinText, reveal, type Text } from '../../util/secret.js';
import { hasPassword, identifiedByPassword, predictPassword } from './password.js';
import { showObject } from './privileges.js';

/** What a task wants of an account; what is left out is left as it is. */
export interface WantedAccount {
  /** Without one it is let in over the socket. */
  readonly password: Secret | undefined;
  readonly requireTls: boolean | undefined;
  readonly maxConnections: number | undefined;
}

/** What makes the account itself, grants aside, the wanted one. */
export interface AccountPlan {
  readonly words: readonly string[];
  readonly statements: readonly Text[];
  readonly after: MysqlAccount;
  /** The account's lines in a diff. */
  describe(account: MysqlAccount | undefined): string | undefined;
}

/** `name` is quoted for SQL. */
export function planAccount(
  name: string,
  wanted: WantedAccount,
  now: MysqlAccount | undefined,
  flavour: MysqlFlavour,
): AccountPlan {
  const { password, requireTls, maxConnections } = wanted;
  const proved = now !== undefined && isProved(now, password, flavour);
  const tls = requireTls === undefined || (now !== undefined && (now.tls !== '') === requireTls) ? undefined : requireTls;
  const limit = maxConnections === now?.maxConnections ? undefined : maxConnections;
  const clauses: Text[] = [
    ...(proved ? [] : [identified(flavour, password)]),
    ...(tls === undefined ? [] : [tls ? 'REQUIRE SSL' : 'REQUIRE NONE']),
    ...(limit === undefined ? [] : [`WITH MAX_USER_CONNECTIONS ${limit}`]),
  ];
  const words =
    now === undefined
      ? ['create']
      : [
          ...(proved ? [] : [password === undefined ? `plugin ${now.plugin} → ${socketPlugin(flavour)}` : 'password']),
          ...(tls === undefined ? [] : [tls ? 'require TLS' : 'TLS no longer required']),
          ...(limit === undefined ? [] : [`connections ${now.maxConnections} → ${limit}`]),
        ];
  return {
    words,
    statements: words.length === 0 ? [] : [joinText([`${now === undefined ? 'CREATE' : 'ALTER'} USER ${name}`, ...clauses], ' ')],
    after: {
      ...(now !== undefined && proved ? now : predict(flavour, password)),
      tls: tls === undefined ? (now?.tls ?? '') : tls ? 'ANY' : '',
      maxConnections: maxConnections ?? now?.maxConnections ?? 0,
      grants: [],
    },
    describe: (account) => (account === undefined ? undefined : describe(account, password, flavour)),
  };
}

function isProved(now: MysqlAccount, password: Secret | undefined, flavour: MysqlFlavour): boolean {
  if (password !== undefined) return hasPassword(now, password);
  return now.plugin === socketPlugin(flavour) && reveal(now.authentication) === '';
}

function identified(flavour: MysqlFlavour, password: Secret | undefined): Text {
  if (password !== undefined) return identifiedByPassword(flavour, password);
  return `IDENTIFIED ${flavour === 'mysql' ? 'WITH' : 'VIA'} ${socketPlugin(flavour)}`;
}

function predict(flavour: MysqlFlavour, password: Secret | undefined): Pick<MysqlAccount, 'plugin' | 'authentication'> {
  return password === undefined
    ? { plugin: socketPlugin(flavour), authentication: new Secret('') }
    : predictPassword(flavour, password);
}

function socketPlugin(flavour: MysqlFlavour): string {
  return flavour === 'mysql' ? 'auth_socket' : 'unix_socket';
}

function describe(account: MysqlAccount, password: Secret | undefined, flavour: MysqlFlavour): string {
  const proof = isProved(account, password, flavour) ? 'as wanted' : 'another';
  return [
    `proof: ${account.plugin} (${proof})`,
    `TLS: ${account.tls === '' ? 'not required' : 'required'}`,
    `connections: ${account.maxConnections === 0 ? 'no limit' : account.maxConnections}`,
    ...account.grants.map(({ on, privileges }) => `may ${privileges.join(', ')}${on === '' ? '' : ` on ${showObject(on)}`}`),
    '',
  ].join('\n');
}
