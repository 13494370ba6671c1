import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { info } from './log.js';

/** Where the application is in its life. */
export interface Lifecycle {
  /** Whether it was told to end. */
  draining(): boolean;
  /** Call it once. Ends when nothing is served any more, at the latest after drain and finish time. */
  end(server: Server, signal: string): Promise<void>;
}

/**
 * How the application ends: for `drainSeconds` it goes on serving, with /healthz at 503, so that load balancers see
 * it and turn away; then it takes no new connection and gives running requests `finishSeconds`.
 */
export function lifecycle(drainSeconds: number, finishSeconds: number): Lifecycle {
  let draining = false;
  return {
    draining: () => draining,
    async end(server, signal) {
      draining = true;
      info(`${signal}: draining for ${drainSeconds} s`);
      await sleep(drainSeconds * 1_000);
      const closed = new Promise<true>((resolve) => {
        server.close(() => {
          resolve(true);
        });
      });
      server.closeIdleConnections();
      const inTime = await Promise.race([closed, sleep(finishSeconds * 1_000, false, { ref: false })]);
      if (!inTime) info(`requests still ran after ${finishSeconds} s more: their connections are closed`);
      server.closeAllConnections();
      await closed;
    },
  };
}
