import { setTimeout as delay } from 'node:timers/promises';
import { ask, type Site } from '../../rig/siteClient.js';

/** How a client outside of the site saw it. */
export interface Seen {
  readonly answers: number;
  readonly failures: number;
  /** The longest time in which no answer came, in milliseconds. */
  readonly longestGap: number;
}

/** How often a new connection is made, and how long it is waited for, in milliseconds. */
const EVERY = 20;
const PATIENCE = 1000;

/**
 * A client that asks again and again, each time on a new connection and without waiting for the one before, until it is told
 * to stop. Only pages of the site over HTTPS, its certificate checked, count.
 */
export function watchFromOutside(site: Site): { stop(): Promise<Seen> } {
  const end = new AbortController();
  let last = performance.now();
  let [answers, failures, longestGap] = [0, 0, 0];
  const open = new Set<Promise<void>>();
  const work = (async () => {
    while (!end.signal.aborted) {
      const probe = once(site).then((well) => {
        if (!well) {
          failures++;
          return;
        }
        const now = performance.now();
        longestGap = Math.max(longestGap, now - last);
        last = now;
        answers++;
      });
      open.add(probe);
      void probe.finally(() => open.delete(probe));
      await delay(EVERY);
    }
    await Promise.all(open);
    longestGap = Math.max(longestGap, performance.now() - last);
  })();
  return {
    stop: async () => {
      end.abort();
      await work;
      return { answers, failures, longestGap };
    },
  };
}

async function once(site: Site): Promise<boolean> {
  try {
    const { status } = await Promise.race([
      ask(site, '/', { headers: { connection: 'close' } }),
      delay(PATIENCE, undefined, { ref: false }).then(() => {
        throw new Error('too late');
      }),
    ]);
    return status === 200;
  } catch {
    return false;
  }
}
