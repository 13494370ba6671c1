import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Does a piece of work while no other process does one under the same lock file. The kernel holds the lock through a
 * child that ends when its input does, so it is free again however this process ends.
 * @param onWait called once when another process has it
 */
export async function withLock<T>(file: string, work: () => Promise<T>, onWait?: () => void): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  const holder = spawn('flock', [file, 'sh', '-c', 'echo locked; exec cat >/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true, // so that Ctrl-C reaches it through us only
  });
  const waiting = setTimeout(() => onWait?.(), 300);
  const ended = once(holder, 'exit');
  try {
    const outcome = await Promise.race([once(holder.stdout, 'data'), ended.then(() => undefined)]);
    if (outcome === undefined) throw new Error(`flock could not lock ${file}`);
    clearTimeout(waiting);
    return await work();
  } finally {
    clearTimeout(waiting);
    holder.stdin.end();
    await ended;
  }
}
