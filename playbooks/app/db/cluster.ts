import type { DbConfig } from '../config/config.js';
import { info } from '../log.js';
import { openDatabase, type Database } from './database.js';
import { codeOf, NoReaderError, NoWriterError, wasNotExecuted } from './errors.js';
import { probe } from './probe.js';
import { chooseRoles, describeState, type Roles, type ServerState } from './state.js';
import { watch } from './watch.js';

/** Milliseconds between two probes of all servers. */
const PROBE_EVERY_MS = 1_000;

/** What was done, and by which server. */
export interface Done<T> {
  readonly value: T;
  /** The label of the server that did it. */
  readonly server: string;
}

/** What was read. `degraded` holds the code of the error that made it be read elsewhere than from the first choice. */
export interface Read<T> extends Done<T> {
  readonly role: 'replica' | 'primary';
  readonly degraded?: string;
}

/** All database servers, of which one takes the writes: which one is asked of them, again and again. */
export interface Cluster {
  states(): ReadonlyMap<string, ServerState>;
  roles(): Roles;
  /** Does work on the primary; once more, after a fresh look, when it certainly was not done because the primary moved. */
  write<T>(work: (primary: Database) => Promise<T>): Promise<Done<T>>;
  /** Does work on a replica, each in turn; on the primary when no replica can. */
  read<T>(work: (server: Database) => Promise<T>): Promise<Read<T>>;
  /** Calls back after each probe that found a writer. */
  onWriter(listener: (writer: Database) => void): void;
  close(): Promise<void>;
}

/** Opens the servers and starts to probe them. Nothing here fails when they are down. */
export function openCluster(config: DbConfig): Cluster {
  const databases = new Map(config.servers.map((server) => [server.label, openDatabase(server, config)]));
  const states = new Map<string, ServerState>([...databases.keys()].map((label) => [label, { kind: 'unknown' }]));
  const listeners: ((writer: Database) => void)[] = [];
  let turn = 0;

  const roles = (): Roles => chooseRoles(states);
  const writerNow = (): Database | undefined => databases.get(roles().writer ?? '');

  const watcher = watch(PROBE_EVERY_MS, async () => {
    await Promise.all(
      [...databases.values()].map(async (database) => {
        note(database.label, await probe(database));
      }),
    );
    const writer = writerNow();
    if (writer !== undefined) for (const listener of listeners) listener(writer);
  });

  function note(label: string, state: ServerState): void {
    const before = describeState(states.get(label) ?? { kind: 'unknown' });
    const now = describeState(state);
    states.set(label, state);
    if (now !== before) info(`database ${label} is ${now} (was ${before})`);
  }

  async function write<T>(work: (primary: Database) => Promise<T>): Promise<Done<T>> {
    const writer = writerNow();
    if (writer !== undefined) {
      try {
        return { value: await work(writer), server: writer.label };
      } catch (error) {
        if (!wasNotExecuted(error)) throw error;
      }
    }
    await watcher.refresh();
    const second = writerNow();
    if (second === undefined) throw new NoWriterError(roles().writable);
    return { value: await work(second), server: second.label };
  }

  /** The replicas, each time another one first, then what is writable. */
  function readOrder(): Database[] {
    const { readers, writable } = roles();
    const first = readers.length === 0 ? 0 : turn++ % readers.length;
    const order = [...readers.slice(first), ...readers.slice(0, first), ...writable];
    return order.flatMap((label) => databases.get(label) ?? []);
  }

  async function read<T>(work: (server: Database) => Promise<T>): Promise<Read<T>> {
    let order = readOrder();
    if (order.length === 0) {
      await watcher.refresh();
      order = readOrder();
    }
    let failure: unknown = new NoReaderError();
    let degraded: string | undefined;
    for (const server of order) {
      try {
        const value = await work(server);
        const role = states.get(server.label)?.kind === 'writable' ? 'primary' : 'replica';
        return { value, server: server.label, role, ...(degraded === undefined ? {} : { degraded }) };
      } catch (error) {
        failure = error;
        degraded = codeOf(error);
        void watcher.refresh();
      }
    }
    throw failure;
  }

  return {
    states: () => states,
    roles,
    write,
    read,
    onWriter(listener) {
      listeners.push(listener);
    },
    async close() {
      watcher.stop();
      await Promise.all([...databases.values()].map((database) => database.close()));
    },
  };
}
