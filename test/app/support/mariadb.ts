import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, cp } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { createConnection, type Connection } from 'mysql2/promise';
import type { Certificates } from './certificates.js';
import { until } from './until.js';
import { freePort } from '../../support/freePort.js';

/** Where Debian puts server programs: an unprivileged user's PATH lacks it. */
const ENVIRONMENT = { ...process.env, PATH: [process.env.PATH, '/usr/sbin', '/usr/bin'].join(delimiter) };
/** mariadbd refuses to run as root unless it is told to. */
const AS_USER = process.getuid?.() === 0 ? ['--user=root'] : [];

/** A real MariaDB server of its own on the loopback. */
export interface MariaDb {
  readonly port: number;
  /** Runs statements as root. */
  sql(...statements: string[]): Promise<void>;
  /** The first column of the first row, as text; `undefined` without a row. */
  value(query: string): Promise<string | undefined>;
  signal(name: NodeJS.Signals): void;
  /** Kills it, and waits until it is gone. */
  kill(): Promise<void>;
}

/** Makes empty data folders, all alike. @throws when MariaDB is not installed. */
export async function makeDataFolders(folder: string, names: readonly [string, ...string[]]): Promise<void> {
  await requireMariaDb();
  const [first, ...others] = names;
  const path = join(folder, first);
  const options = [
    '--no-defaults',
    `--datadir=${path}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    ...AS_USER,
  ];
  await promisify(execFile)('mariadb-install-db', options, { env: ENVIRONMENT });
  await Promise.all(others.map((name) => cp(path, join(folder, name), { recursive: true })));
}

/** Starts a server, read-only and without a source, on a data folder; waits until it answers. */
export async function startMariaDb(folder: string, name: string, serverId: number, tls: Certificates): Promise<MariaDb> {
  const port = await freePort();
  const socketPath = join(folder, `${name}.sock`);
  const options = [
    ...['--no-defaults', ...AS_USER, `--datadir=${join(folder, name)}`, `--socket=${socketPath}`, `--pid-file=${name}.pid`],
    ...[`--port=${port}`, '--bind-address=127.0.0.1', '--skip-name-resolve', `--server-id=${serverId}`, '--read-only=ON'],
    ...['--log-bin=binlog', '--log-slave-updates', '--binlog-format=ROW', '--gtid-strict-mode=ON'],
    ...[`--ssl-ca=${tls.ca}`, `--ssl-cert=${tls.cert}`, `--ssl-key=${tls.key}`],
    // Nothing here has to survive a power cut.
    ...['--sync-binlog=0', '--innodb-flush-log-at-trx-commit=0', '--innodb-buffer-pool-size=16M', `--log-error=${name}.err`],
  ];
  const child = spawn('mariadbd', options, { env: ENVIRONMENT, stdio: 'ignore' });
  const gone = once(child, 'close');
  const root = await until(`MariaDB "${name}" answers`, () => connectRoot(child, socketPath));
  // The server is killed under this connection.
  root.on('error', () => undefined);
  return {
    port,
    async sql(...statements) {
      for (const statement of statements) await root.query(statement);
    },
    async value(query) {
      const [rows] = await root.query({ sql: query, rowsAsArray: true });
      const row: unknown = Array.isArray(rows) ? rows[0] : undefined;
      return Array.isArray(row) ? String(row[0]) : undefined;
    },
    signal(signalName) {
      child.kill(signalName);
    },
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

async function connectRoot(child: ChildProcess, socketPath: string): Promise<Connection> {
  if (child.exitCode !== null) throw new Error(`mariadbd ended with ${child.exitCode}`);
  return createConnection({ socketPath, user: 'root' });
}

async function requireMariaDb(): Promise<void> {
  const folders = ENVIRONMENT.PATH.split(delimiter);
  const found = await Promise.any(folders.map((folder) => access(join(folder, 'mariadbd')))).then(
    () => true,
    () => false,
  );
  if (!found) throw new Error('mariadbd is not installed: these tests need the package mariadb-server-core');
}
