import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Gauge, Reading } from './gauge.js';
import { peakMemory } from './memory.js';
import type { Command } from './workload.js';

/** What one run took. */
export interface Run {
  /** From the fork to the exit, in seconds. */
  readonly wall: number;
  /** Time of the controller's processors (user and system) in the whole tree of processes, in seconds. */
  readonly cpu: number;
  /** What only a gauge sees. */
  readonly rig?: Omit<Reading, 'controller'>;
}

/** How it is measured. */
export interface Measuring {
  readonly gauge?: Gauge;
  /** Seconds after which the run is ended; needs a gauge. */
  readonly limit?: number;
}

/** A run took longer than it may. */
export class Overdue extends Error {
  constructor(readonly seconds: number) {
    super(`took longer than ${seconds} s`);
  }
}

/**
 * Enters the group that stands in $0, where there is one; runs the command; tells on descriptor 3 what its process and
 * all that it waited for used: as the shell counts it, in milliseconds.
 */
const TIMED = '[ -z "$0" ] || echo $$ >"$0/cgroup.procs"; "$@" </dev/null 3>&-; code=$?; times >&3; exit $code';

/**
 * Runs a command once.
 * @throws Error with its output where its exit code is not the expected one; Overdue
 */
export async function measure(command: Command, { gauge, limit }: Measuring = {}): Promise<Run> {
  const before = await gauge?.read();
  const { wall, times, after } = await run(command, { gauge, limit });
  if (before === undefined || after === undefined) return { wall, cpu: childTimes(times) };
  return {
    wall,
    cpu: after.controller - before.controller,
    rig: {
      hosts: after.hosts - before.hosts,
      connections: after.connections - before.connections,
      packets: after.packets - before.packets,
      sent: after.sent - before.sent,
      received: after.received - before.received,
    },
  };
}

/**
 * Runs a command once more, to look at its memory: looking costs time, so this run is not timed.
 * @returns the largest sum over its processes that was seen, in bytes; programs and libraries count once
 */
export async function measureMemory(command: Command, gauge?: Gauge): Promise<number> {
  return (await run(command, { gauge, watch: peakMemory })).watched;
}

interface Finished {
  readonly wall: number;
  readonly times: string;
  readonly watched: number;
  readonly after: Reading | undefined;
}

interface Watching {
  readonly gauge?: Gauge | undefined;
  readonly limit?: number | undefined;
  readonly watch?: (pid: number, ended: AbortSignal, group?: string) => Promise<number>;
}

async function run(command: Command, { gauge, limit, watch }: Watching): Promise<Finished> {
  const start = performance.now();
  const child = spawn('bash', ['-c', TIMED, gauge?.group ?? '', ...command.argv], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: environment(command),
  });
  const [, stdout, stderr, channel] = child.stdio;
  if (stdout === null || stderr === null || !(channel instanceof Readable)) throw new Error('bench: no pipes to bash');
  const ending = new AbortController();
  const watching = child.pid === undefined ? undefined : watch?.(child.pid, ending.signal, gauge?.group);
  const outputs = Promise.all([text(stdout), text(stderr), text(channel)]);
  const alarm = limit === undefined ? undefined : setTimeout(() => void gauge?.settle(), limit * 1000);
  const [code] = (await once(child, 'exit')) as [number | null];
  const wall = (performance.now() - start) / 1000;
  clearTimeout(alarm);
  ending.abort();
  const after = await gauge?.read();
  await gauge?.settle(); // also closes what a process in the background holds open of our pipes
  if (limit !== undefined && wall >= limit) throw new Overdue(limit);
  const [out, err, times] = await outputs;
  const wrong =
    code === command.code ? command.complaint?.(out) : `exit code ${code ?? 'by a signal'} instead of ${command.code}`;
  if (wrong !== undefined)
    throw new Error(`${wrong} of: ${command.argv.join(' ').slice(0, 2000)}\n${out.slice(-4000)}${err.slice(-4000)}`);
  return { wall, times, watched: (await watching) ?? 0, after };
}

/**
 * The user's environment, without what this machine makes every Node process do first: reading a bundle of certificates
 * takes 0.15 s, and nothing that is measured speaks TLS.
 */
function environment({ env }: Command): NodeJS.ProcessEnv {
  return { ...process.env, NODE_EXTRA_CA_CERTS: undefined, ...env };
}

/** The second line of the shell's `times`: user and system time of its children, such as `0m0.120s 0m0.034s`. */
function childTimes(times: string): number {
  const found = /\n(\d+)m(\d+)[.,](\d+)s (\d+)m(\d+)[.,](\d+)s/.exec(times);
  if (found === null) throw new Error(`bench: cannot read the shell's times: ${times}`);
  const [, userMinutes, userSeconds, userRest, systemMinutes, systemSeconds, systemRest] = found;
  const seconds = (minutes = '', whole = '', rest = ''): number => Number(minutes) * 60 + Number(`${whole}.${rest}`);
  return seconds(userMinutes, userSeconds, userRest) + seconds(systemMinutes, systemSeconds, systemRest);
}
