import { createPool, type Pool, type PoolConnection, type PoolOptions } from 'mysql2/promise';
import type { DbConfig } from '../config/config.js';
import type { DbServer } from '../config/servers.js';
import { within } from '../deadline.js';
import { DatabaseError, isServersAnswer } from './errors.js';

/** Milliseconds that the TCP connection, TLS and the login may take. */
const CONNECT_MS = 1_500;
/** Requests that talk to one server at the same time. */
const CONNECTIONS = 10;

/** One database server. Connections are opened when they are needed and kept. */
export interface Database {
  readonly label: string;
  /** Works on a connection of the pool. @throws {DatabaseError} also when `work` does not end within `milliseconds`. */
  use<T>(milliseconds: number, work: (connection: PoolConnection) => Promise<T>): Promise<T>;
  /** The same on a connection that is kept for the probe, so that requests that hang cannot delay it. */
  useForProbe<T>(milliseconds: number, work: (connection: PoolConnection) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** A server's two pools. Nothing is contacted yet. */
export function openDatabase(server: DbServer, config: DbConfig): Database {
  const options = poolOptions(server, config);
  const work = createPool({ ...options, connectionLimit: CONNECTIONS });
  const probe = createPool({ ...options, connectionLimit: 1 });
  return {
    label: server.label,
    use: (milliseconds, task) => useConnection(server.label, work, milliseconds, task),
    useForProbe: (milliseconds, task) => useConnection(server.label, probe, milliseconds, task),
    async close() {
      await Promise.allSettled([work.end(), probe.end()]);
    },
  };
}

function poolOptions(server: DbServer, config: DbConfig): PoolOptions {
  return {
    host: server.host,
    port: server.port,
    user: config.user,
    password: config.password,
    database: config.name,
    connectTimeout: CONNECT_MS,
    enableKeepAlive: true,
    ...(config.tls === undefined
      ? {}
      : {
          ssl: {
            ca: config.tls.ca,
            rejectUnauthorized: true,
            verifyIdentity: config.tls.verifyIdentity,
            minVersion: 'TLSv1.2',
          },
        }),
  };
}

async function useConnection<T>(
  label: string,
  pool: Pool,
  milliseconds: number,
  work: (connection: PoolConnection) => Promise<T>,
): Promise<T> {
  const started = Date.now();
  const connection = await acquire(label, pool, milliseconds);
  try {
    const result = await within(Math.max(1, milliseconds - (Date.now() - started)), work(connection));
    connection.release();
    return result;
  } catch (error) {
    // After a broken or abandoned exchange the next answer on this connection could be anybody's.
    if (isServersAnswer(error)) connection.release();
    else connection.destroy();
    throw new DatabaseError(label, 'statement', error);
  }
}

async function acquire(label: string, pool: Pool, milliseconds: number): Promise<PoolConnection> {
  const pending = pool.getConnection();
  try {
    return await within(milliseconds, pending);
  } catch (error) {
    // Should the connection still come, it goes back to the pool; should it fail, that has been told already.
    pending.then(
      (connection) => {
        connection.release();
      },
      () => undefined,
    );
    throw new DatabaseError(label, 'connect', error);
  }
}
