import { z } from 'zod';
import { runMysql } from '../facts/mysql/client.js';
import { mysqlDatabases, type MysqlDatabase } from '../facts/mysqlDatabases.js';
import { mysqlServer } from '../facts/mysqlServer.js';
import { sh, type Change } from '../model/change.js';
import { defineTask } from '../model/task.js';
import { sqlName } from '../util/sql.js';
import { ONE_MORE } from './mysql/oneMore.js';
import { databaseName } from './mysql/options.js';
import { runningServer, writableServer } from './mysql/server.js';

const options = z.strictObject({
  /** The database's name. */
  name: databaseName,
  /** The character set of tables made in it from now on. Default `utf8mb4`. */
  charset: z.string().regex(/^\w+$/, 'expected a character set, such as utf8mb4').default('utf8mb4'),
  /** The collation of tables made in it from now on. Default: the character set's own. */
  collation: z.string().regex(/^\w+$/, 'expected a collation, such as utf8mb4_unicode_ci').optional(),
  /** `absent` drops the database with all its tables. Default `present`. */
  state: z.enum(['present', 'absent']).default('present'),
});

type Options = z.output<typeof options>;

/**
 * A database of a MySQL or MariaDB server, with its character set. It is made on the primary; replicas get it by
 * replication.
 * @example mysqlDatabase({ name: 'app' })
 */
export const mysqlDatabase = defineTask({
  kind: 'mysqlDatabase',
  options,
  subject: (o) => o.name,
  reads: () => ({ server: mysqlServer({}), databases: mysqlDatabases({}) }),
  plan: (o, { server, databases }) => {
    runningServer(server);
    const now = databases.find(({ name }) => name === o.name);
    const change = o.state === 'absent' ? drop(o, now, databases) : present(o, now, databases);
    if (change.length > 0) writableServer(server, 'databases');
    return change;
  },
});

function present(o: Options, now: MysqlDatabase | undefined, all: readonly MysqlDatabase[]): readonly Change[] {
  const differences = [
    ...(now === undefined || sameCharset(now.charset, o.charset) ? [] : [`character set ${now.charset} → ${o.charset}`]),
    ...(now === undefined || o.collation === undefined || o.collation === now.collation
      ? []
      : [`collation ${now.collation} → ${o.collation}`]),
  ];
  if (now !== undefined && differences.length === 0) return [];
  const verb = now === undefined ? 'CREATE' : 'ALTER';
  const collate = o.collation === undefined ? '' : ` COLLATE ${o.collation}`;
  const after = { name: o.name, charset: o.charset, collation: o.collation ?? '', tables: now?.tables ?? 0 };
  const note = now !== undefined && now.tables > 0 ? ` (of new tables: ${now.tables} keep theirs)` : '';
  return [
    {
      summary: now === undefined ? `create, ${o.charset}` : `${differences.join(', ')}${note}`,
      steps: [sh(runMysql([`${verb} DATABASE ${sqlName(o.name)} CHARACTER SET ${o.charset}${collate}`]))],
      ...effects([...without(all, o.name), after]),
    },
  ];
}

function drop(o: Options, now: MysqlDatabase | undefined, all: readonly MysqlDatabase[]): readonly Change[] {
  if (now === undefined) return [];
  return [
    {
      summary: now.tables === 0 ? 'drop' : `drop with ${now.tables} tables`,
      steps: [sh(runMysql([`DROP DATABASE ${sqlName(o.name)}`]))],
      ...effects(without(all, o.name)),
    },
  ];
}

function effects(after: readonly MysqlDatabase[]): Pick<Change, 'touches' | 'predicts' | 'live'> {
  return {
    touches: ['mysql:databases', 'mysql:gtid'],
    predicts: [mysqlDatabases({}).predict(after), ONE_MORE],
    live: true,
  };
}

function without(all: readonly MysqlDatabase[], name: string): readonly MysqlDatabase[] {
  return all.filter((one) => one.name !== name);
}

/** `utf8` is what both servers still call utf8mb3. */
function sameCharset(a: string, b: string): boolean {
  const full = (charset: string) => (charset.toLowerCase() === 'utf8' ? 'utf8mb3' : charset.toLowerCase());
  return full(a) === full(b);
}
