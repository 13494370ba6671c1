import { Listr } from 'listr2';
import { LiveRenderer } from './renderer.js';

/** A play as listr2 runs it: a task a host, which ends when the host's part of the play does. */
export interface LiveTasks {
  /** Ends a host's task; the last one ends the drawing. */
  end(host: string, failed: boolean): void;
  /** Ends all tasks, and waits until the drawing has stopped. */
  stop(): Promise<void>;
}

/** Starts a task for each host, drawn by `draw` until all have ended. */
export function liveTasks(hosts: readonly string[], draw: () => void): LiveTasks {
  const ends = new Map<string, (failed: boolean) => void>();
  const ended = hosts.map(
    (host) =>
      new Promise<void>((resolve, reject) => {
        ends.set(host, (failed) => {
          if (failed) reject(new Error(host));
          else resolve();
        });
      }),
  );
  const list = new Listr<unknown, typeof LiveRenderer>(
    hosts.map((host, index) => ({ title: host, task: () => ended[index] })),
    {
      concurrent: true,
      exitOnError: false,
      renderer: LiveRenderer,
      rendererOptions: { draw },
      // Ctrl-C belongs to the command line: the run is told and ends in order.
      registerSignalListeners: false,
    },
  );
  // A host may fail before listr2 has begun to listen to its task.
  for (const one of ended) one.catch(() => undefined);
  const running = list.run({});
  return {
    end: (host, failed) => ends.get(host)?.(failed),
    stop: async () => {
      for (const end of ends.values()) end(false);
      await running;
    },
  };
}
