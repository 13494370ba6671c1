import { spawn, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const SERVER = '/usr/sbin/mariadbd';

/** A MariaDB server of a test's own: empty, in a folder of its own, on a socket only. */
export interface PrivateMariadb {
  /** Runs SQL as root and gives what the client prints, without column names. Throws where a statement fails. */
  sql(statements: string): string;
  stop(): Promise<void>;
}

/** For a `describe` block: a server that runs while its tests do. Without the server's program they fail. */
export function usePrivateMariadb(...options: readonly string[]): PrivateMariadb {
  let server: PrivateMariadb | undefined;
  before(async function () {
    if (!existsSync(SERVER)) throw new Error(`${SERVER} is not there: install mariadb-server-core, as npm test does`);
    this.timeout(60_000);
    server = await startMariadb(options);
  });
  after(async () => {
    await server?.stop();
  });
  return { sql, stop: async () => server?.stop() };
}

/** Until it is stopped, client programs that this process starts find its socket by themselves (MYSQL_HOME). */
async function startMariadb(options: readonly string[]): Promise<PrivateMariadb> {
  const folder = mkdtempSync(join(tmpdir(), 'mariadb-'));
  const config = join(folder, 'my.cnf');
  const lines = ['[mariadbd]', 'user=root', `datadir=${folder}/data`, `socket=${folder}/s`, `pid-file=${folder}/pid`];
  writeFileSync(config, [...lines, 'skip-networking', '[client]', `socket=${folder}/s`, ''].join('\n'));
  const made = spawnSync('mariadb-install-db', [`--defaults-file=${config}`, '--skip-test-db'], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`mariadb-install-db: ${made.stdout}${made.stderr}`);

  const server = spawn(SERVER, [`--defaults-file=${config}`, ...options], { stdio: 'ignore' });
  const home = process.env['MYSQL_HOME'];
  process.env['MYSQL_HOME'] = folder;
  const stop = async (): Promise<void> => {
    if (home === undefined) delete process.env['MYSQL_HOME'];
    else process.env['MYSQL_HOME'] = home;
    if (server.exitCode === null) {
      const ended = once(server, 'exit');
      server.kill('SIGTERM');
      await ended;
    }
    rmSync(folder, { recursive: true });
  };
  const end = Date.now() + 30_000;
  while (Date.now() < end && server.exitCode === null) {
    if (client('SELECT 1').status === 0) return { sql, stop };
    await delay(50);
  }
  await stop();
  throw new Error('the private MariaDB server does not answer');
}

function client(statements: string): SpawnSyncReturns<string> {
  const args = ['--batch', '--skip-column-names', '--default-character-set=utf8mb4'];
  return spawnSync('mariadb', args, { input: statements, encoding: 'utf8' });
}

function sql(statements: string): string {
  const { status, stdout, stderr } = client(statements);
  if (status !== 0) throw new Error(stderr);
  return stdout;
}
