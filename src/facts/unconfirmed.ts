import { defineBatchFact, type Read } from '../model/fact.js';
import { sha256 } from '../util/hash.js';
import { quote } from '../util/shell.js';

/** Where a host keeps what undoes a guarded change until it is confirmed. A reboot ends its timers, and not this: the next boot undoes it. */
export const GUARD_DIRECTORY = '/var/lib/provision/guards';

/** How a guard's name stands in the names of files and units. */
export function guardKey(name: string): string {
  return sha256(name).slice(0, 16);
}

/**
 * Whether a change that only a new login makes last still waits for it, by the guard's name: the run that made it was
 * interrupted, and the host is about to undo it.
 */
export const unconfirmed: (name: string) => Read<boolean> = defineBatchFact<string, boolean>({
  name: 'unconfirmed',
  live: true,
  key: (name) => name,
  topics: (name) => [`guard:${name}`],
  command: (names) =>
    [
      `waits() { set -- ${GUARD_DIRECTORY}/armed-"$1"-*; [ -d "$1" ] && echo yes || echo no; }`,
      ...names.map((name) => `waits ${quote(guardKey(name))}`),
    ].join('\n'),
  parse: ({ stdout }, names) => {
    const lines = stdout.split('\n');
    return names.map((_, index) => lines[index] === 'yes');
  },
});
