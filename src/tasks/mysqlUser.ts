import { z } from 'zod';
import { runMysql } from '../facts/mysql/client.js';
import { mysqlAccount, type MysqlAccount } from '../facts/mysqlAccount.js';
import { mysqlPrivileges } from '../facts/mysqlPrivileges.js';
import { mysqlServer, type MysqlFlavour } from '../facts/mysqlServer.js';
import { sh, type Change } from '../model/change.js';
import { defineTask } from '../model/task.js';
import { Secret } from '../util/secret.js';
import { sqlAccount } from '../util/sql.js';
import { planAccount, type WantedAccount } from './mysql/accountPlan.js';
import { planGrants } from './mysql/grantPlan.js';
import { ONE_MORE } from './mysql/oneMore.js';
import { accountHost, accountUser } from './mysql/options.js';
import { canonicalPrivilege, foldAll, grantObject } from './mysql/privileges.js';
import { runningServer, writableServer } from './mysql/server.js';

const grant = z.strictObject({
  /** Names as GRANT takes them, in any case; `ALL` and `GRANT OPTION` too. Columns are not supported. */
  privileges: z.array(z.string().regex(/^[A-Za-z_ ]+$/, 'expected the name of a privilege, such as SELECT')).min(1),
  /** `*.*`, `db.*` or `db.table`. `_` and `%` in a database's name stand for themselves. */
  on: z.string().regex(/^(\*\.\*|[^.`*\0\r\n]+\.(\*|[^.`*\0\r\n]+))$/, 'expected *.*, database.* or database.table'),
});

const options = z
  .strictObject({
    /** The account's name. */
    name: accountUser,
    /** From where it may connect: an address, a pattern such as `10.0.0.%`, or `%`. Default `localhost`. */
    host: accountHost.default('localhost'),
    /** Its password. A hash that the server keeps tells whether it is set already. */
    password: z.instanceof(Secret, { error: 'expected a Secret' }).optional(),
    /** `socket`: no password; the operating system's account of the same name is let in over the local socket. */
    plugin: z.enum(['socket']).optional(),
    /** What it may do. Default: nothing but connect. */
    grants: z.array(grant).default([]),
    /** Whether grants (and roles) that are not listed are revoked. Default true. */
    exclusive: z.boolean().default(true),
    /** Whether its connections must be encrypted. Default: left as it is; a new account need not. */
    requireTls: z.boolean().optional(),
    /** How many connections it may have at once; 0 is no limit. Default: left as it is; none for a new account. */
    maxConnections: z.int().min(0).optional(),
    /** `absent` drops the account. Default `present`. */
    state: z.enum(['present', 'absent']).default('present'),
  })
  .refine((o) => o.state === 'absent' || (o.password === undefined) !== (o.plugin === undefined), {
    error: "expected exactly one of password and plugin: 'socket'",
  })
  .refine((o) => !(o.name === 'root' && o.host === 'localhost') && !/^(mysql|mariadb)\./.test(o.name), {
    path: ['name'],
    error: "expected an account that is not the server's own",
  });

type Options = z.output<typeof options>;

/**
 * An account of a MySQL or MariaDB server with its password and exactly the given grants. It is made on the primary;
 * replicas get it by replication.
 * @example mysqlUser({ name: 'app', host: '10.0.0.%', password, grants: [{ privileges: ['SELECT', 'INSERT'], on: 'app.*' }] })
 */
export const mysqlUser = defineTask({
  kind: 'mysqlUser',
  options,
  subject: (o) => `${o.name}@${o.host}`,
  reads: (o) => ({
    server: mysqlServer({}),
    account: mysqlAccount({ user: o.name, host: o.host }),
    privileges: mysqlPrivileges({}),
  }),
  plan: (o, { server, account, privileges }) => {
    const { flavour } = runningServer(server);
    const changes = o.state === 'absent' ? drop(o, account) : present(o, account, { flavour, known: privileges });
    if (changes.length > 0) writableServer(server, 'users');
    return changes;
  },
});

function present(
  o: Options,
  found: MysqlAccount | undefined,
  system: { readonly flavour: MysqlFlavour; readonly known: readonly string[] },
): readonly Change[] {
  const name = sqlAccount(o.name, o.host);
  const grantsWanted = o.grants.map(({ privileges, on }) => ({
    on: grantObject(on),
    privileges: privileges.map((privilege) => canonicalPrivilege(privilege, system)),
  }));
  const now = found === undefined ? undefined : { ...found, grants: foldAll(found.grants, grantsWanted, system) };
  const wanted: WantedAccount = { password: o.password, requireTls: o.requireTls, maxConnections: o.maxConnections };
  const account = planAccount(name, wanted, now, system.flavour);
  const grants = planGrants(name, grantsWanted, now?.grants ?? [], o.exclusive);
  const words = [...account.words, ...grants.words];
  if (words.length === 0) return [];
  const after: MysqlAccount = { ...account.after, grants: grants.after };
  return [
    {
      summary: words.join(', '),
      diff: { before: account.describe(now), after: account.describe(after) },
      steps: [sh(runMysql([...account.statements, ...grants.statements]))],
      ...effects(o, after),
    },
  ];
}

function drop(o: Options, now: MysqlAccount | undefined): readonly Change[] {
  if (now === undefined) return [];
  return [{ summary: 'drop', steps: [sh(runMysql([`DROP USER ${sqlAccount(o.name, o.host)}`]))], ...effects(o, undefined) }];
}

function effects({ name, host }: Options, after: MysqlAccount | undefined): Pick<Change, 'touches' | 'predicts' | 'live'> {
  return {
    touches: [`mysql:account/${name}@${host}`, 'mysql:gtid'],
    predicts: [mysqlAccount({ user: name, host }).predict(after), ONE_MORE],
    live: true,
  };
}
