import { randomBytes } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { UnreachableError } from '../model/errors.js';
import type { Connection } from '../model/host.js';
import type { Session } from '../model/session.js';
import type { Secret } from '../util/secret.js';
import type { Transport } from './channel.js';
import { DeniedError } from './connect/failure.js';
import { openConnection } from './connect/open.js';
import { lost as lostCopy, openCopy, type HostCopy } from './copy/transport.js';
import { localTransport } from './local.js';
import { openSession } from './session.js';
import { sshTransport } from './ssh.js';

export interface OpenerOptions {
  readonly connections: ReadonlyMap<string, Connection>;
  readonly acceptNewHostKeys: boolean;
  readonly connectTimeoutSeconds?: number | undefined;
  /** False works beside a run: the hosts' locks are not taken. Default true. */
  readonly exclusive?: boolean | undefined;
  /** True lets reads leave notes on the hosts, which spare later ones work. Default false. */
  readonly notes?: boolean | undefined;
  /** Asks the person at the terminal; undefined where there is none, or for no answer. */
  ask(question: string): Promise<Secret | undefined>;
  onReconnect?(host: string): void;
  /** A folder of each host for what is written in copies of it. Default: memory. */
  readonly scratch?: string | undefined;
  /** A copy was made in which file systems mounted at these paths can only be read. */
  onReadOnly?(host: string, paths: readonly string[]): void;
}

export interface Opener {
  /** The session of an account on a host; the same one for the same names. All of a host's share one connection. */
  open(host: string, user: string): Promise<Session>;
  /** The same in a throwaway copy of the host, which is made for the first of them. Throws TaskError where it cannot be. */
  openCopy(host: string, user: string): Promise<Session>;
  /** Ends all sessions, copies and connections. */
  close(): Promise<void>;
}

/** How long a lost connection is tried again, in milliseconds, and the pauses between. */
const RECONNECT_FOR = 60_000;
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5000;

/** Opens sessions over SSH (or locally), one connection a host. */
export function sessionOpener(options: OpenerOptions): Opener {
  const runId = randomBytes(8).toString('hex');
  const holder = `${userInfo().username}@${hostname()}, process ${process.pid}, since ${new Date().toISOString()}`;
  const sessions = new Map<string, Promise<Session>>();
  const transports = new Map<string, Promise<Transport>>();
  const copies = new Map<string, Promise<HostCopy>>();

  const connect = async (host: string, seconds?: number): Promise<Transport> => {
    const connection = options.connections.get(host);
    if (connection === undefined) throw new UnreachableError(`no host "${host}" is in the inventory`);
    if (connection.type === 'local') return localTransport(host);
    const made = await openConnection({
      ...connection,
      name: host,
      connectTimeoutSeconds: seconds ?? connection.connectTimeoutSeconds ?? options.connectTimeoutSeconds,
      acceptNewHostKeys: options.acceptNewHostKeys,
      askPassphrase: (keyFile) => options.ask(`Passphrase of ${keyFile}`),
    });
    return sshTransport(host, made);
  };

  const reconnect = async (host: string): Promise<Transport> => {
    const end = Date.now() + RECONNECT_FOR;
    for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      try {
        return await connect(host);
      } catch (error) {
        // A refused key or login stays refused; asking again only gets us banned.
        if (error instanceof DeniedError || !(error instanceof UnreachableError) || Date.now() + pause > end) throw error;
        await delay(pause);
      }
    }
  };

  /** The host's connection; a new one where `lost` is the present one. */
  const transport = async (host: string, lost?: Transport): Promise<Transport> => {
    const present = transports.get(host);
    if (present !== undefined && (lost === undefined || (await present) !== lost)) return present;
    await lost?.close();
    const made = lost === undefined ? connect(host) : reconnect(host);
    transports.set(host, made);
    return made;
  };

  const makeCopy = async (host: string): Promise<HostCopy> => {
    const token = randomBytes(16).toString('hex');
    const copy = await openCopy({
      transport: await transport(host),
      token,
      becomePassword: becomePasswordOf(host),
      scratch: options.scratch,
    });
    if (copy.readOnly.length > 0) options.onReadOnly?.(host, copy.readOnly);
    return copy;
  };
  const becomePasswordOf = (host: string): Secret | undefined => options.connections.get(host)?.becomePassword;
  const session = (key: string, make: () => Promise<Session>): Promise<Session> => {
    const open = sessions.get(key) ?? make();
    sessions.set(key, open);
    return open;
  };

  /** A session over a connection of its own, which ends with it and is never made again. */
  const openAgain = async (host: string, user: string, seconds: number): Promise<Session> => {
    const made = await connect(host, seconds);
    const gone = new UnreachableError(`the new connection to ${host} was lost`);
    try {
      const fresh = await openSession({
        transport: (lost) => (lost === undefined ? Promise.resolve(made) : Promise.reject(gone)),
        host,
        user,
        becomePassword: becomePasswordOf(host),
        runId,
        holder,
        exclusive: false,
      });
      return {
        ...fresh,
        close: async () => {
          await fresh.close();
          await made.close();
        },
      };
    } catch (error) {
      await made.close();
      throw error;
    }
  };

  return {
    open: (host, user) =>
      session(`${host} ${user}`, () =>
        openSession({
          transport: (lost) => transport(host, lost),
          host,
          user,
          becomePassword: becomePasswordOf(host),
          runId,
          holder,
          exclusive: options.exclusive,
          notes: options.notes,
          again: (seconds) => openAgain(host, user, seconds),
          onReconnect: () => options.onReconnect?.(host),
        }),
      ),
    openCopy: (host, user) =>
      session(`copy of ${host} ${user}`, async () => {
        const copy = copies.get(host) ?? makeCopy(host);
        copies.set(host, copy);
        const made = await copy;
        return openSession({
          transport: (gone) => (gone === undefined ? Promise.resolve(made) : Promise.reject(lostCopy(host))),
          host,
          user,
          becomePassword: undefined,
          runId,
          holder,
        });
      }),
    close: async () => {
      const open = await Promise.allSettled(sessions.values());
      await Promise.all(open.flatMap((session) => (session.status === 'fulfilled' ? [session.value.close()] : [])));
      const copied = await Promise.allSettled(copies.values());
      await Promise.all(copied.flatMap((one) => (one.status === 'fulfilled' ? [one.value.close()] : [])));
      const made = await Promise.allSettled(transports.values());
      await Promise.all(made.flatMap((one) => (one.status === 'fulfilled' ? [one.value.close()] : [])));
    },
  };
}
