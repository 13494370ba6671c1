import type { Duplex } from 'node:stream';
import { UnreachableError } from '../../model/errors.js';
import type { Clock } from './clock.js';
import { accountOf, type Settings } from './settings.js';
import { DeniedError, messageOf, unreachable } from './failure.js';
import type { Hop } from './hops.js';
import type { SshConnection } from './target.js';

/** Connects to a jump host that lies behind others. */
export type OpenHop = (hop: Hop, before: readonly Hop[]) => Promise<SshConnection>;

interface Shared {
  readonly opening: Promise<SshConnection>;
  users: number;
}

/** Connections to jump hosts, shared by all hosts behind them: a channel each, where a login each would trip MaxStartups. */
const shared = new Map<string, Shared>();

/**
 * Takes part in the connection to the last of a way's jump hosts. `release` gives it back; the last user ends it.
 * `name` is the host that the way is for.
 */
export async function openJump(
  name: string,
  hops: readonly Hop[],
  openHop: OpenHop,
): Promise<{ readonly connection: SshConnection; release(): void }> {
  const last = hops[hops.length - 1];
  if (last === undefined) throw new RangeError('a way without jump hosts');
  const key = JSON.stringify(hops.map((hop) => [hop.target, hop.settings]));
  const entry = shared.get(key) ?? share(key, openHop(last, hops.slice(0, -1)));
  entry.users++;
  const release = (): void => {
    if (--entry.users > 0) return;
    forget(key, entry);
    entry.opening.then((connection) => connection.close()).catch(() => undefined);
  };
  try {
    return { connection: await entry.opening, release };
  } catch (error) {
    release();
    if (!(error instanceof UnreachableError)) throw error;
    const Kind = error instanceof DeniedError ? DeniedError : UnreachableError;
    throw new Kind(`${name}: ${error.message}`, { hint: error.hint, cause: error });
  }
}

function share(key: string, opening: Promise<SshConnection>): Shared {
  const entry: Shared = { opening, users: 0 };
  shared.set(key, entry);
  opening.then(
    (connection) => {
      connection.onClosed(() => {
        forget(key, entry);
      });
    },
    () => {
      forget(key, entry);
    },
  );
  return entry;
}

function forget(key: string, entry: Shared): void {
  if (shared.get(key) === entry) shared.delete(key);
}

/** Opens a stream from a jump host to a host's SSH port. */
export function dialThrough(jump: SshConnection, settings: Settings, clock: Clock): Promise<Duplex> {
  const by = `jump host ${accountOf({ user: jump.user, host: jump.address, port: jump.port })}`;
  return new Promise((resolve, reject) => {
    const unwatch = clock.onExpired(() => {
      reject(
        unreachable(
          settings,
          `${by} got no answer from it within ${clock.seconds} s`,
          'is the host up and reachable from the jump host?',
        ),
      );
    });
    const refused = (error: unknown): void => {
      unwatch();
      const hint =
        'is sshd running there and reachable from the jump host, and does that allow TCP forwarding (AllowTcpForwarding)?';
      reject(unreachable(settings, `${by} cannot connect to it: ${messageOf(error)}`, hint, error));
    };
    try {
      jump.client.forwardOut('127.0.0.1', 0, settings.host, settings.port, (error, stream) => {
        if (error) {
          refused(error);
          return;
        }
        unwatch();
        stream.on('error', () => undefined);
        if (clock.expired()) stream.destroy();
        resolve(stream);
      });
    } catch (error) {
      refused(error);
    }
  });
}
