import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { peakMemory } from './memory.js';
import type { Command } from './workload.js';

/** What one run took. */
export interface Run {
  /** From the fork to the exit, in seconds. */
  readonly wall: number;
  /** Time of the controller's processors (user and system) in the whole tree of processes, in seconds. */
  readonly cpu: number;
}

/** Runs the command and tells on descriptor 3 what its process and all that it waited for used: as the shell counts it, in milliseconds. */
const TIMED = '"$@" </dev/null; code=$?; times >&3; exit $code';

/**
 * Runs a command once.
 * @throws Error with its output where its exit code is not the expected one.
 */
export async function measure(command: Command): Promise<Run> {
  const { wall, times } = await run(command);
  return { wall, cpu: childTimes(times) };
}

/**
 * Runs a command once more, to look at its memory: looking costs time, so this run is not timed.
 * @returns the largest sum over its processes that was seen, in bytes; a page that several share counts in each
 */
export async function measureMemory(command: Command): Promise<number> {
  return (await run(command, peakMemory)).watched;
}

interface Watched {
  readonly wall: number;
  readonly times: string;
  readonly watched: number;
}

async function run(
  { argv, code: expected }: Command,
  watch?: (pid: number, ended: AbortSignal) => Promise<number>,
): Promise<Watched> {
  const start = performance.now();
  const child = spawn('bash', ['-c', TIMED, 'bash', ...argv], { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  const [, stdout, stderr, channel] = child.stdio;
  if (stdout === null || stderr === null || !(channel instanceof Readable)) throw new Error('bench: no pipes to bash');
  const ending = new AbortController();
  const watching = child.pid === undefined ? undefined : watch?.(child.pid, ending.signal);
  const outputs = Promise.all([text(stdout), text(stderr), text(channel)]);
  const [code] = (await once(child, 'exit')) as [number | null];
  const wall = (performance.now() - start) / 1000;
  ending.abort();
  const [out, err, times] = await outputs;
  if (code !== expected)
    throw new Error(`exit code ${code ?? 'by a signal'} instead of ${expected} of: ${argv.join(' ')}\n${out}${err}`);
  return { wall, times, watched: (await watching) ?? 0 };
}

/** The second line of the shell's `times`: user and system time of its children, such as `0m0.120s 0m0.034s`. */
function childTimes(times: string): number {
  const found = /\n(\d+)m(\d+)[.,](\d+)s (\d+)m(\d+)[.,](\d+)s/.exec(times);
  if (found === null) throw new Error(`bench: cannot read the shell's times: ${times}`);
  const [, userMinutes, userSeconds, userRest, systemMinutes, systemSeconds, systemRest] = found;
  const seconds = (minutes = '', whole = '', rest = ''): number => Number(minutes) * 60 + Number(`${whole}.${rest}`);
  return seconds(userMinutes, userSeconds, userRest) + seconds(systemMinutes, systemSeconds, systemRest);
}
