import { performance } from 'node:perf_hooks';

/** Does work when it is its turn. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

/** How often is looked whether the process has time for more, in milliseconds. */
const LOOK_MS = 50;
/** The share of its time that the process may be at work and yet take on more. */
const BUSY = 0.8;
/** Work that takes longer than this, and so many times as long as the quickest did, waits for other work, here or where it is done. */
const SLOW_MS = 2000;
const SLOW_TIMES = 3;

/**
 * Lets `least` works go on at a time, and more of them, up to `most`, while this process has time to spare and they do not get slow: so it
 * is kept busy whether it waits for far hosts or computes for near ones, and no work takes much longer because of the others.
 */
export function turns(least: number, most: number): Turns {
  const waiting: (() => void)[] = [];
  let active = 0;
  let allowed = least;
  let clock: NodeJS.Timeout | undefined;
  let before = performance.eventLoopUtilization();
  let quickest = Infinity;
  let recent = 0;

  const hasRoom = (): boolean =>
    performance.eventLoopUtilization(before).utilization < BUSY && (recent < SLOW_MS || recent < SLOW_TIMES * quickest);
  const start = (): void => {
    while (active < allowed) {
      const next = waiting.shift();
      if (next === undefined) break;
      active++;
      next();
    }
    if (waiting.length > 0) watch();
  };
  const watch = (): void => {
    if (clock !== undefined) return;
    before = performance.eventLoopUtilization();
    clock = setTimeout(() => {
      clock = undefined;
      allowed = hasRoom() ? Math.min(most, allowed + least) : Math.max(least, allowed - least);
      start();
    }, LOOK_MS);
  };
  return async (work) => {
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      start();
    });
    const begin = performance.now();
    try {
      return await work();
    } finally {
      const took = performance.now() - begin;
      quickest = Math.min(quickest, took);
      recent += (took - recent) / least;
      active--;
      start();
    }
  };
}
