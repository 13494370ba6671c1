import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';

/** Between two looks at the processes, in milliseconds. */
const INTERVAL = 10;

/** Watches a process's descendants until they have ended. @returns the largest sum that was seen, in bytes */
export async function peakMemory(pid: number, ended: AbortSignal): Promise<number> {
  let peak = 0;
  while (!ended.aborted) {
    const sizes = await Promise.all((await descendants(pid)).map(residentSize));
    peak = Math.max(
      peak,
      sizes.reduce((sum, size) => sum + size, 0),
    );
    await setTimeout(INTERVAL);
  }
  return peak;
}

async function descendants(pid: number): Promise<number[]> {
  const children = (await read(`/proc/${pid}/task/${pid}/children`)).split(' ').filter(Boolean).map(Number);
  const below = await Promise.all(children.map(descendants));
  return [...children, ...below.flat()];
}

async function residentSize(pid: number): Promise<number> {
  const found = /^VmRSS:\s+(\d+) kB/m.exec(await read(`/proc/${pid}/status`));
  return Number(found?.[1] ?? 0) * 1024;
}

/** A process may end while it is looked at. */
async function read(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch(() => '');
}
