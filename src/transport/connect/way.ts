import type { Duplex } from 'node:stream';
import { InputError } from '../../model/errors.js';
import type { Clock } from './clock.js';
import { dialTcp } from './dial.js';
import type { Hop } from './hops.js';
import { dialThrough, openJump, type OpenHop } from './jump.js';
import { dialCommand, type RunningCommand } from './proxy-command.js';
import type { Settings } from './settings.js';

/** How a host's SSH port is reached: directly, through other hosts, or through a command. */
export interface Way {
  /** Makes a new stream to the port. UnreachableError says why there is none; HandshakeFailed, that another try may help. */
  dial(clock: Clock): Promise<Duplex>;
  /** What the way itself says of the last stream's end, where it knows more than that it ended. */
  complaint(): Promise<string | undefined>;
  /** Gives back what the way stands on. */
  release(): void;
}

/** Prepares the way to a host. Its jump hosts are connected to by then, with `openHop`. */
export async function findWay(settings: Settings, hops: readonly Hop[], openHop: OpenHop): Promise<Way> {
  if (hops.length > 0) {
    const jump = await openJump(settings.name, hops, openHop);
    return {
      dial: (clock) => dialThrough(jump.connection, settings, clock),
      complaint: () => Promise.resolve(undefined),
      release: () => {
        jump.release();
      },
    };
  }
  const release = (): void => undefined;
  if (settings.proxyCommand === undefined) {
    return { dial: (clock) => dialTcp(settings, clock), complaint: () => Promise.resolve(undefined), release };
  }
  if (settings.proxyPassesDescriptor) {
    throw new InputError(`${settings.name}: ProxyUseFdpass of ssh_config is not supported`, {
      hint: 'use a ProxyCommand that copies data, or ProxyJump',
    });
  }
  return commandWay(settings, settings.proxyCommand, release);
}

function commandWay(settings: Settings, command: string, release: () => void): Way {
  let last: RunningCommand | undefined;
  return {
    async dial() {
      last = await dialCommand(settings, command);
      return last.stream;
    },
    complaint: () => last?.complaint() ?? Promise.resolve(undefined),
    release,
  };
}
