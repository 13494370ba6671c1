import { defineBatchFact } from '../model/fact.js';
import { Secret } from '../util/secret.js';
import { sqlAccount, sqlString } from '../util/sql.js';
import { askMysql, parseMysql, serverTopics } from './mysql/client.js';
import { parseGrants, type MysqlGrant } from './mysql/grants.js';

export interface MysqlAccountParams {
  readonly user: string;
  /** From where it may connect: `localhost`, `10.0.0.%`. */
  readonly host: string;
}

/** An account of a database server. */
export interface MysqlAccount {
  /** How it proves who it is: `caching_sha2_password`, `mysql_native_password`, `auth_socket`, `unix_socket` … */
  readonly plugin: string;
  /** What the plugin compares with (a hash of the password), in hex. */
  readonly authentication: Secret;
  /** What it demands of the connection: nothing (empty), `ANY` encryption, `X509`, or a `SPECIFIED` certificate. */
  readonly tls: string;
  /** How many connections it may have at once; 0 is no limit. */
  readonly maxConnections: number;
  readonly grants: readonly MysqlGrant[];
}

/** An account with its grants; undefined where there is none, or no server answers (which `mysqlServer` tells). */
export const mysqlAccount = defineBatchFact<MysqlAccountParams, MysqlAccount | undefined>({
  name: 'mysqlAccount',
  live: true,
  key: ({ user, host }) => sqlAccount(user, host),
  topics: ({ user, host }) => [...serverTopics, `mysql:account/${user}@${host}`],
  command: (accounts) =>
    askMysql(
      Object.fromEntries(
        accounts.flatMap(({ user, host }, index) => [
          [`account ${index}`, selectAccount(user, host)],
          [`grants ${index}`, `SHOW GRANTS FOR ${sqlAccount(user, host)}`],
        ]),
      ),
    ),
  parse: (result, accounts) => {
    const answer = parseMysql(result);
    return accounts.map((_, index) => {
      const row = answer.state === 'running' ? answer.rows(`account ${index}`)[0] : undefined;
      if (answer.state !== 'running' || row === undefined) return undefined;
      return {
        plugin: row['plugin'] ?? '',
        authentication: new Secret(row['authentication'] ?? ''),
        tls: row['tls'] ?? '',
        maxConnections: Number(row['connections']),
        grants: parseGrants(answer.rows(`grants ${index}`).flatMap((grant) => Object.values(grant))),
      };
    });
  },
});

function selectAccount(user: string, host: string): string {
  return `SELECT plugin, HEX(authentication_string) AS authentication, ssl_type AS tls, max_user_connections AS connections
FROM mysql.user WHERE User = ${sqlString(user)} AND Host = ${sqlString(host)}`;
}
