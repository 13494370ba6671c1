import { createReadStream } from 'node:fs';
import type { Step } from '../model/change.js';
import { ProvisionError, TaskError } from '../model/errors.js';
import type { CommandResult } from '../model/fact.js';
import type { JobItem, Session } from '../model/session.js';
import { mask, scrub, type Text } from '../util/secret.js';
import { quote } from '../util/shell.js';
import { rebootHost } from './reboot.js';
import { putScript, stepScript } from './stepScript.js';
import { tarStream } from './tarStream.js';

/** A step with the host and account it runs on. */
export interface PlacedStep {
  readonly step: Step;
  readonly host: string;
  readonly user: string;
}

export interface ExecuteOptions {
  readonly steps: readonly PlacedStep[];
  openSession(host: string, user: string): Promise<Session>;
  readonly signal: AbortSignal;
  onBegin(index: number): void;
}

/** Why and where an execution stopped. */
export interface StepFailure {
  readonly index: number;
  readonly error: ProvisionError;
}

const DEFAULT_TIMEOUT_SECONDS = 600;

/** Runs steps in order, as many in one job as follow each other on one host and account. Stops at the first failure. */
export async function execute(options: ExecuteOptions): Promise<StepFailure | undefined> {
  let next = 0;
  while (next < options.steps.length) {
    if (options.signal.aborted) return { index: next, error: new TaskError('interrupted before it began') };
    const count = Math.max(1, jobLength(options.steps, next));
    const failure = await executeSome(options, next, count);
    if (failure !== undefined) return failure;
    next += count;
  }
  return undefined;
}

async function executeSome(options: ExecuteOptions, first: number, count: number): Promise<StepFailure | undefined> {
  const [head, ...rest] = options.steps.slice(first, first + count);
  if (head === undefined) return undefined;
  const session = await options.openSession(head.host, head.user);
  const abort = () => void session.cancel();
  options.signal.addEventListener('abort', abort, { once: true });
  try {
    const item = jobItem(head.step);
    if (item === undefined) {
      options.onBegin(first);
      const failed = await executeAlone(head.step, session, options);
      return failed === undefined ? undefined : { index: first, error: failed };
    }
    const items = [item, ...rest.flatMap(({ step }) => jobItem(step) ?? [])];
    const { results } = await session.run(items, (index) => {
      options.onBegin(first + index);
    });
    const last = results.length - 1;
    const result = results[last];
    return result === undefined || result.code === 0
      ? undefined
      : { index: first + last, error: stepFault(items[last]?.script ?? '', result) };
  } catch (error) {
    if (error instanceof ProvisionError) return { index: first, error };
    throw error;
  } finally {
    options.signal.removeEventListener('abort', abort);
  }
}

function jobLength(steps: readonly PlacedStep[], from: number): number {
  const head = steps[from];
  const end = steps.findIndex(
    ({ step, host, user }, index) => index >= from && (jobItem(step) === undefined || host !== head?.host || user !== head.user),
  );
  return (end < 0 ? steps.length : end) - from;
}

function jobItem(step: Step): JobItem | undefined {
  if (step.kind === 'shell') return { script: step.script, timeoutSeconds: step.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS };
  if (step.kind === 'validated' || (step.kind === 'put' && 'text' in step.content)) {
    return { script: stepScript(step), timeoutSeconds: DEFAULT_TIMEOUT_SECONDS };
  }
  return undefined;
}

/** Steps that need more than the shell: another channel, another host, a new connection. */
async function executeAlone(step: Step, session: Session, options: ExecuteOptions): Promise<ProvisionError | undefined> {
  if (step.kind === 'reboot') return rebootHost(session, step);
  if (step.kind === 'unpack') {
    const script = `tar -x -p --same-owner -C ${quote(step.directory)} -f -`;
    const result = await session.feed(script, tarStream(step), DEFAULT_TIMEOUT_SECONDS);
    return result.code === 0 ? undefined : stepFault(script, result);
  }
  if (step.kind === 'relay') {
    const seconds = step.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
    const source = await options.openSession(step.from.host, 'root');
    const { output, result: sent } = await source.drain(step.from.script, seconds);
    const [received, given] = await Promise.all([session.feed(step.script, output, seconds), sent]);
    if (given.code !== 0) return stepFault(step.from.script, given, ` on ${step.from.host}`);
    return received.code === 0 ? undefined : stepFault(step.script, received);
  }
  if (step.kind === 'put' && !('text' in step.content)) {
    const script = putScript(step);
    const result = await session.feed(script, createReadStream(step.content.localFile), DEFAULT_TIMEOUT_SECONDS);
    return result.code === 0 ? undefined : stepFault(script, result);
  }
  throw new Error(`a ${step.kind} step is part of a job`);
}

/** How much of an output's end is shown, and of a script's: what it does stands after what it defines. */
const SHOWN_LINES = 30;
const SHOWN_COMMANDS = 12;

function stepFault(script: Text, { code, stdout, stderr }: CommandResult, where = ''): TaskError {
  const said = scrub(stderr.trim() === '' ? stdout.trim() : stderr.trim());
  const last = said.split('\n').at(-1)?.trim() ?? '';
  return new TaskError(`exit code ${code}${where}${last === '' ? '' : `: ${last}`}`, {
    command: shorten(scrub(mask(script))),
    output: said.split('\n').slice(-SHOWN_LINES).join('\n'),
    hint: hintFor(said),
  });
}

function shorten(script: string): string {
  const lines = script.split('\n');
  const last = lines.slice(-SHOWN_COMMANDS);
  return last.length === lines.length ? script : [`… ${lines.length - last.length} lines before these`, ...last].join('\n');
}

function hintFor(said: string): string | undefined {
  if (said.includes('No space left on device')) return 'free space on the host (df -h); nothing was left half-written';
  if (said.includes('Read-only file system')) return 'the file system is mounted read-only: see dmesg on the host';
  return undefined;
}
