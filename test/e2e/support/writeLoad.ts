import { Agent } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { ask, type Site } from '../../rig/siteClient.js';

/** What a load has seen. */
export interface LoadResult {
  /** The texts that were answered with 201: they may never be lost. */
  readonly acknowledged: readonly string[];
  /** How many writes were not acknowledged. */
  readonly refused: number;
  /** What went wrong with reads. */
  readonly readFailures: readonly string[];
  readonly reads: number;
}

export interface Load {
  /** When a write was acknowledged last, in milliseconds of `performance.now()`. */
  lastWrite(): number;
  /** When the first write was acknowledged at or after a time, both in milliseconds of `performance.now()`. */
  firstWriteSince(time: number): number | undefined;
  stop(): Promise<LoadResult>;
}

/** Milliseconds between two requests of a client, so that the hosts are not all that is measured. */
const PAUSE = 10;

/** Writes notes that are all different, and reads notes, with some clients each, through the load balancer. */
export function writeLoad(site: Site, name: string, clients: number): Load {
  let running = true;
  let next = 0;
  const times: number[] = [];
  let refused = 0;
  let reads = 0;
  const acknowledged: string[] = [];
  const readFailures: string[] = [];
  const headers = { 'content-type': 'text/plain' };
  const client = async (work: (agent: Agent) => Promise<void>): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (running) {
      await work(agent);
      await delay(PAUSE);
    }
    agent.destroy();
  };
  const write = async (agent: Agent): Promise<void> => {
    const text = `${name}-${next++}`;
    try {
      const { status } = await ask(site, '/notes', { method: 'POST', body: text, headers, agent });
      if (status !== 201) throw new Error(`status ${status}`);
      acknowledged.push(text);
      times.push(performance.now());
    } catch {
      refused++;
    }
  };
  const read = async (agent: Agent): Promise<void> => {
    reads++;
    try {
      const { status, body } = await ask(site, '/notes', { agent });
      if (status !== 200) readFailures.push(`status ${status}: ${body}`);
    } catch (error) {
      readFailures.push(String(error));
    }
  };
  const work = Array.from({ length: clients }, () => [client(write), client(read)]).flat();
  return {
    lastWrite: () => times.at(-1) ?? 0,
    firstWriteSince: (time) => times.find((one) => one >= time),
    stop: async () => {
      running = false;
      await Promise.all(work);
      return { acknowledged, refused, readFailures, reads };
    },
  };
}
