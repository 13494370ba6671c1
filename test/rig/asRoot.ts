import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { nodeArgs } from './nodeArgs.js';
import { cacheDir } from './paths.js';

/**
 * The command line that runs the rig's command as root, through sudo where we are not; our cache stays the cache.
 * @param module another program of the tests, by its path from here without ending
 */
export function rigArgv(args: readonly string[], module = 'cli'): [string, ...string[]] {
  const command = [process.execPath, ...nodeArgs(module), ...args];
  const env = [`XDG_CACHE_HOME=${dirname(cacheDir)}`, `PATH=${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`];
  return process.getuid?.() === 0 ? ['env', ...env, ...command] : ['sudo', 'env', ...env, ...command];
}

/** Runs the rig's command as root on our terminal; gives its exit code. */
export async function asRoot(args: readonly string[], module?: string): Promise<number> {
  const [program, ...rest] = rigArgv(args, module);
  const child = spawn(program, rest, { stdio: 'inherit' });
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? 1;
}
