import type { Duplex } from 'node:stream';
import { InputError } from '../../model/errors.js';
import type { Clock } from './clock.js';
import { dialTcp } from './dial.js';
import { dialThrough, openJump, type OpenHop } from './jump.js';
import { dialCommand } from './proxy-command.js';
import type { Settings } from './settings.js';
import type { ConnectTarget } from './target.js';

/** How a host's SSH port is reached: directly, through other hosts, or through a command. */
export interface Way {
  /** Makes a new stream to the port. UnreachableError says why there is none. */
  dial(clock: Clock): Promise<Duplex>;
  /** Gives back what the way stands on. */
  release(): void;
}

/** Prepares the way that a host's settings ask for; jump hosts are connected to by then. `openHop` connects to one. */
export async function findWay(target: ConnectTarget, settings: Settings, openHop: OpenHop): Promise<Way> {
  if (settings.proxyJump.length > 0) {
    const jump = await openJump(target, settings, openHop);
    return {
      dial: (clock) => dialThrough(jump.connection, settings, clock),
      release: () => {
        jump.release();
      },
    };
  }
  const { proxyCommand } = settings;
  const release = (): void => undefined;
  if (proxyCommand === undefined) return { dial: (clock) => dialTcp(settings, clock), release };
  if (settings.proxyPassesDescriptor) {
    throw new InputError(`${settings.name}: ProxyUseFdpass of ssh_config is not supported`, {
      hint: 'use a ProxyCommand that copies data, or ProxyJump',
    });
  }
  return { dial: () => dialCommand(settings, proxyCommand), release };
}
