import type { Duplex } from 'node:stream';
import { InputError, UnreachableError } from '../../model/errors.js';
import type { Clock } from './clock.js';
import { accountOf, type Settings } from './settings.js';
import { messageOf, unreachable } from './failure.js';
import type { ConnectTarget, SshConnection } from './target.js';

/** A jump host, and what is known of the way to it. */
export interface Hop {
  readonly target: ConnectTarget;
  /** The hops before it; undefined leaves that to its own ssh_config. */
  readonly jumps: readonly string[] | undefined;
  /** Tried after the keys that ssh_config names. */
  readonly otherKeyFile: string | undefined;
  /** How many hops led here. */
  readonly depth: number;
}

/** Connects to a jump host. */
export type OpenHop = (hop: Hop) => Promise<SshConnection>;

interface Shared {
  readonly opening: Promise<SshConnection>;
  users: number;
}

/** Connections to jump hosts, shared by all hosts behind them: a channel each, where a login each would trip MaxStartups. */
const shared = new Map<string, Shared>();

/** Takes part in the connection to the last jump host on the way to a host. `release` gives it back; the last user ends it. */
export async function openJump(
  target: ConnectTarget,
  settings: Settings,
  openHop: OpenHop,
): Promise<{ readonly connection: SshConnection; release(): void }> {
  const hop = hopBefore(target, settings);
  const key = JSON.stringify([hop.target, hop.jumps, hop.otherKeyFile]);
  const entry = shared.get(key) ?? share(key, openHop(hop));
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
    throw new UnreachableError(`${target.name}: ${error.message}`, { hint: error.hint, cause: error });
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

/** The last hop on the way to a host. It is known by ssh_config as any other host; passwords are not handed to it. */
function hopBefore(target: ConnectTarget, settings: Settings): Hop {
  const { proxyJump, jumpDepth } = settings;
  const last = parseHop(proxyJump[proxyJump.length - 1] ?? '', settings);
  if (jumpDepth >= 8) {
    throw new InputError(
      `${settings.name}: more than 8 jump hosts in a row: ProxyJump of ssh_config goes in a circle at ${settings.host}`,
      {
        hint: 'add `ProxyJump none` for the jump host itself',
      },
    );
  }
  return {
    target: {
      name: `jump host ${last.address}`,
      ...last,
      acceptNewHostKeys: target.acceptNewHostKeys,
      knownHostsFile: target.knownHostsFile,
      connectTimeoutSeconds: target.connectTimeoutSeconds,
      sshConfigFile: target.sshConfigFile,
      askPassphrase: target.askPassphrase,
      askPassword: target.askPassword,
    },
    jumps: proxyJump.length > 1 ? proxyJump.slice(0, -1) : undefined,
    otherKeyFile: settings.explicitKeyFile,
    depth: jumpDepth + 1,
  };
}

/** `[user@]host[:port]`, `[user@][ipv6]:port` or `ssh://[user@]host[:port]`. */
function parseHop(text: string, settings: Settings): Pick<ConnectTarget, 'address' | 'port' | 'user'> {
  const bare = text.replace(/^ssh:\/\//, '').replace(/\/$/, '');
  const match = /^(?:(.+)@)?(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(bare);
  const address = match?.[2] ?? match?.[3];
  if (address === undefined) {
    throw new InputError(`${settings.name}: ProxyJump "${text}" of ssh_config is not of the form [user@]host[:port]`);
  }
  return { address, user: match?.[1], port: match?.[4] === undefined ? undefined : Number(match[4]) };
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
