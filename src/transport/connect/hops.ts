import { InputError } from '../../model/errors.js';
import { resolveSettings, type Settings } from './settings.js';
import type { ConnectTarget } from './target.js';

/** A jump host, and how it is reached from the one before it. */
export interface Hop {
  readonly target: ConnectTarget;
  readonly settings: Settings;
}

/**
 * The jump hosts on the way to a host, the first to connect to first. As with OpenSSH, each is a host of ssh_config like any
 * other, and a first one may have jump hosts of its own. InputError for a way that goes in a circle.
 */
export async function planHops(target: ConnectTarget, settings: Settings, seen: readonly string[] = []): Promise<Hop[]> {
  const trail = [...seen, settings.alias];
  const hops = await Promise.all(settings.proxyJump.map((text) => resolveHop(text, target, settings)));
  const [first, ...others] = hops;
  if (first === undefined) return [];
  const again = hops.find((hop) => trail.includes(hop.settings.alias));
  if (again !== undefined) {
    throw new InputError(
      `${target.name}: ProxyJump of ssh_config goes in a circle: ${[...trail, again.settings.alias].join(' → ')}`,
      {
        hint: 'add `ProxyJump none` for the jump host that needs none',
      },
    );
  }
  const before = await planHops(first.target, first.settings, trail);
  return [...before, first, ...others.map(direct)];
}

/** Behind another hop of the same list, a hop's own ProxyJump and ProxyCommand do not count. */
function direct(hop: Hop): Hop {
  return { ...hop, settings: { ...hop.settings, proxyCommand: undefined } };
}

/** Passwords are not handed to jump hosts; the key file is, behind those that ssh_config names. */
async function resolveHop(text: string, target: ConnectTarget, settings: Settings): Promise<Hop> {
  const address = parseHop(text, settings);
  const hopTarget: ConnectTarget = {
    name: `jump host ${address.address}`,
    ...address,
    acceptNewHostKeys: target.acceptNewHostKeys,
    knownHostsFile: target.knownHostsFile,
    connectTimeoutSeconds: target.connectTimeoutSeconds,
    sshConfigFile: target.sshConfigFile,
    askPassphrase: target.askPassphrase,
    askPassword: target.askPassword,
  };
  const hopSettings = await resolveSettings(hopTarget);
  const keyFile = settings.explicitKeyFile;
  return {
    target: hopTarget,
    settings: { ...hopSettings, keyFiles: [...hopSettings.keyFiles, ...(keyFile === undefined ? [] : [keyFile])] },
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
