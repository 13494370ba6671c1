import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** Between two looks at the processes, in milliseconds. */
const INTERVAL = 10;

/**
 * Watches a process's descendants until they have ended.
 * @param group a cgroup whose processes are watched instead: also those that went into the background
 * @returns the largest sum that was seen, in bytes; programs and libraries count once
 */
export async function peakMemory(pid: number, ended: AbortSignal, group?: string): Promise<number> {
  let peak = 0;
  while (!ended.aborted) {
    const pids = group === undefined ? await descendants(pid) : await members(group);
    peak = Math.max(peak, together(await Promise.all(pids.map(memoryOf))));
    await setTimeout(INTERVAL);
  }
  return peak;
}

/** In bytes. */
interface Memory {
  /** Its own; what it shares with those it was forked from or has forked is divided among them. */
  readonly own: number;
  /** Programs and libraries. */
  readonly mapped: number;
}

/** Programs and libraries are counted once: of the process that has most of them. */
function together(each: readonly Memory[]): number {
  return each.reduce((sum, { own }) => sum + own, 0) + Math.max(0, ...each.map(({ mapped }) => mapped));
}

async function members(group: string): Promise<number[]> {
  return (await read(join(group, 'cgroup.procs'))).split('\n').filter(Boolean).map(Number);
}

async function descendants(pid: number): Promise<number[]> {
  const children = (await read(`/proc/${pid}/task/${pid}/children`)).split(' ').filter(Boolean).map(Number);
  const below = await Promise.all(children.map(descendants));
  return [...children, ...below.flat()];
}

async function memoryOf(pid: number): Promise<Memory> {
  const rollup = await read(`/proc/${pid}/smaps_rollup`);
  const bytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1] ?? 0) * 1024;
  return { own: bytes('Pss_Anon') + bytes('Pss_Shmem'), mapped: bytes('Rss') - bytes('Anonymous') };
}

/** A process may end while it is looked at. */
async function read(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch(() => '');
}
