import { os } from '../../facts/os.js';
import { selectHosts } from '../../inventory/pattern.js';
import type { Session } from '../../model/session.js';
import type { Args } from '../input/args.js';
import { load } from '../input/load.js';
import { opener } from '../input/opener.js';
import { askAll } from './ask.js';
import { onEachHost, type HostResult } from './hosts.js';
import { errorFields, hostLines } from './show.js';

interface Pong {
  readonly os: string;
  /** Of one exchange, once connected. */
  readonly roundTripSeconds: number;
}

/** `provision ping [PATTERN]`: connects, becomes root, and says how long it took. Gives the exit code. */
export async function ping(args: Args<'ping'>, pattern: string): Promise<number> {
  const { inventory, connections } = await load(args);
  const hosts = selectHosts(inventory, pattern);
  const sessions = opener({ args, connections, hold: (work) => work() });
  const lines = hostLines(hosts, args.verbose);
  const each = (result: HostResult<Pong>): void => {
    process.stdout.write(args.output === 'json' ? `${JSON.stringify(fields(result))}\n` : text(result));
  };
  const text = (result: HostResult<Pong>): string => {
    if ('error' in result) return lines.error(result.host, result.error);
    const { os: system, roundTripSeconds } = result.value;
    const connected = result.seconds - roundTripSeconds;
    return lines.line(
      result.host,
      'ok',
      `${system}, root in ${milliseconds(connected)}, round trip ${milliseconds(roundTripSeconds)}`,
    );
  };
  return onEachHost(args, { hosts, sessions, user: 'root', work: pong, each });
}

async function pong(session: Session): Promise<Pong> {
  const start = performance.now();
  const { system } = await askAll(session, { system: os });
  return { os: system.prettyName, roundTripSeconds: (performance.now() - start) / 1000 };
}

function milliseconds(seconds: number): string {
  return `${Math.round(seconds * 1000)} ms`;
}

function fields(result: HostResult<Pong>): object {
  const { host, seconds } = result;
  return 'error' in result
    ? { host, ok: false, seconds, ...errorFields(result.error) }
    : { host, ok: true, seconds, ...result.value };
}
