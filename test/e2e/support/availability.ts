import { request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

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
 * to stop. Any answer that is no server's error counts.
 */
export function watchFromOutside(url: string): { stop(): Promise<Seen> } {
  const end = new AbortController();
  let last = performance.now();
  let [answers, failures, longestGap] = [0, 0, 0];
  const open = new Set<Promise<void>>();
  const work = (async () => {
    while (!end.signal.aborted) {
      const probe = once(url).then((well) => {
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

function once(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request(url, { agent: false, timeout: PATIENCE, headers: { connection: 'close' } }, (response) => {
      response.resume();
      response.on('end', () => {
        resolve((response.statusCode ?? 500) < 500);
      });
      response.on('error', () => {
        resolve(false);
      });
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => {
      resolve(false);
    });
    asked.end();
  });
}
