import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { makeGroups } from './cgroup.js';

/**
 * Starts a program that outlives us, in a session and in cgroups of its own, its output going to a log file.
 * @param member its name in the rig, by which `processesOf` and `endGroups` know it
 */
export async function startDaemon(
  rig: string,
  member: string,
  argv: readonly string[],
  log: string,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const [program, ...args] = await inGroups(rig, member, argv);
  const output = openSync(log, 'a', 0o600);
  const child = spawn(program, args, {
    detached: true,
    stdio: ['ignore', output, output],
    cwd: '/',
    env: { ...process.env, ...env },
  });
  closeSync(output);
  await new Promise<void>((resolve, reject) => {
    child.on('spawn', resolve).on('error', reject);
  });
  child.unref();
}

/** The command line that runs a program in cgroups of its own, by which `endGroups` finds it and all its children. */
export async function inGroups(rig: string, member: string, argv: readonly string[]): Promise<[string, ...string[]]> {
  const enter = 'while [ "$1" != -- ]; do echo $$ > "$1/cgroup.procs" || exit; shift; done; shift; exec "$@"';
  return ['sh', '-c', enter, 'sh', ...(await makeGroups(rig, member)), '--', ...argv];
}
