import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { envReader, type Env, type EnvReader } from './env.js';
import { parseServers, type DbServer } from './servers.js';

/** How the databases are reached. */
export interface DbConfig {
  readonly servers: readonly DbServer[];
  readonly user: string;
  readonly password: string;
  /** The database (schema) that holds the notes. */
  readonly name: string;
  /** Absent: connections are not encrypted. */
  readonly tls?: { readonly ca: string; readonly verifyIdentity: boolean };
}

/** All that the application is told from outside. */
export interface AppConfig {
  readonly listen: string;
  readonly port: number;
  /** Which release this is: shown in every answer. */
  readonly release: string;
  /** The site's domain: shown on the page. */
  readonly site: string;
  /** The name of this machine: which server answered. */
  readonly host: string;
  /** How long requests are still served after SIGTERM, while /healthz says 503. Seconds. */
  readonly drainSeconds: number;
  /** How long running requests may then take to end. Seconds. */
  readonly finishSeconds: number;
  readonly accessLog: boolean;
  readonly db: DbConfig;
}

/** The environment cannot be used; `problems` holds all that is wrong with it. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`the environment is not usable: ${problems.join('; ')}`);
  }
}

/** Reads the configuration from the environment. @throws {ConfigError} naming every variable that is missing or wrong. */
export function readConfig(env: Env): AppConfig {
  const from = envReader(env);
  const config: AppConfig = {
    listen: from.optional('LISTEN') ?? '127.0.0.1',
    port: from.port('PORT', 8080),
    release: from.word('RELEASE', 'dev'),
    site: from.word('SITE', 'localhost'),
    host: hostname(),
    drainSeconds: from.seconds('DRAIN_SECONDS', 2),
    finishSeconds: from.seconds('FINISH_SECONDS', 8),
    accessLog: from.flag('ACCESS_LOG', false),
    db: readDbConfig(from),
  };
  if (from.problems.length > 0) throw new ConfigError(from.problems);
  return config;
}

function readDbConfig(from: EnvReader): DbConfig {
  const servers = readServers(from);
  const tls = readTls(from, servers);
  return {
    servers,
    user: from.required('DB_USER', "the database user's name"),
    password: readPassword(from),
    name: from.required('DB_NAME', 'the database that holds the notes'),
    ...(tls === undefined ? {} : { tls }),
  };
}

function readServers(from: EnvReader): readonly DbServer[] {
  const list = from.required('DB_HOSTS', 'every database server, separated by commas, primary and replicas in any order');
  const port = from.port('DB_PORT', 3306);
  if (list === '') return [];
  const parsed = parseServers(list, port);
  if ('servers' in parsed) return parsed.servers;
  from.problems.push(`DB_HOSTS ${parsed.problem}`);
  return [];
}

function readPassword(from: EnvReader): string {
  const given = from.optional('DB_PASSWORD');
  const path = from.optional('DB_PASSWORD_FILE');
  if (given !== undefined && path !== undefined) {
    from.problems.push('DB_PASSWORD and DB_PASSWORD_FILE are both set: give one of them');
    return '';
  }
  if (path === undefined)
    return given ?? from.required('DB_PASSWORD', 'the password, or DB_PASSWORD_FILE, the file that holds it');
  const password = readText(from, 'DB_PASSWORD_FILE', path).replace(/\r?\n$/, '');
  if (password === '' && from.problems.length === 0) from.problems.push(`DB_PASSWORD_FILE names "${path}", which is empty`);
  return password;
}

function readTls(from: EnvReader, servers: readonly DbServer[]): DbConfig['tls'] {
  const path = from.optional('DB_CA');
  const verifyIdentity = from.flag('DB_VERIFY_IDENTITY', true);
  if (path === undefined) return undefined;
  const address = servers.find((server) => isIP(server.host) !== 0);
  // The driver compares the certificate with a host name only; with an address it would compare with "localhost".
  if (verifyIdentity && address !== undefined) {
    from.problems.push(
      `DB_HOSTS names the address "${address.label}", and certificates are checked against host names: ` +
        'name the server by a host name, or set DB_VERIFY_IDENTITY=false to check only that DB_CA signed its certificate',
    );
  }
  const ca = readText(from, 'DB_CA', path);
  if (ca !== '' && !ca.includes('-----BEGIN CERTIFICATE-----'))
    from.problems.push(`DB_CA names "${path}", which holds no PEM certificate`);
  return { ca, verifyIdentity };
}

function readText(from: EnvReader, name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    from.problems.push(
      `${name} names "${path}", which cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
    return '';
  }
}
