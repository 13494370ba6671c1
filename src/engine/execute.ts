import type { Step, UnpackStep } from '../model/change.js';
import { ProvisionError, TaskError } from '../model/errors.js';
import type { Session } from '../model/session.js';
import { isCompressible } from './compressible.js';
import { guarded } from './guard.js';
import { inlineSteps, unpackCommand } from './inlineStep.js';
import { isJobStep, planJob, type PlannedJobItem } from './jobPlan.js';
import { rebootHost } from './reboot.js';
import { againWhenLost, LARGE, sendFile, streamSeconds } from './sendFile.js';
import { stepFault } from './stepFault.js';
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
  /** Told which steps are begun: several where they are done as one. */
  onBegin(indices: readonly [number, ...number[]]): void;
}

/** Why a step failed. */
export interface StepFailure {
  readonly index: number;
  readonly error: ProvisionError;
}

/** Where an execution stopped, and why. */
export interface Stop {
  /** The first step that was not done; those before it were, but for the failed ones. */
  readonly reached: number;
  /** In the order of the steps. */
  readonly failures: readonly [StepFailure, ...StepFailure[]];
}

const DEFAULT_TIMEOUT_SECONDS = 600;

/** Runs steps in order, as many in one job as follow each other on one host and account. Stops at the first failure. */
export async function execute(given: ExecuteOptions): Promise<Stop | undefined> {
  const options = { ...given, steps: await inlineSteps(given.steps) };
  let next = 0;
  while (next < options.steps.length) {
    if (options.signal.aborted) return stopAt(next, new TaskError('interrupted before it began'));
    const count = Math.max(1, jobLength(options.steps, next));
    const stop = await executeSome(options, next, count);
    if (stop !== undefined) return stop;
    next += count;
  }
  return undefined;
}

function stopAt(index: number, error: ProvisionError): Stop {
  return { reached: index, failures: [{ index, error }] };
}

async function executeSome(options: ExecuteOptions, first: number, count: number): Promise<Stop | undefined> {
  const steps = options.steps.slice(first, first + count);
  const [head] = steps;
  if (head === undefined) return undefined;
  const session = await options.openSession(head.host, head.user);
  const abort = () => void session.cancel();
  options.signal.addEventListener('abort', abort, { once: true });
  try {
    if (!isJobStep(head.step)) {
      options.onBegin([first]);
      const failed =
        head.step.kind === 'guarded'
          ? await guarded(head.step, session, { ...head, signal: options.signal })
          : await executeAlone(head.step, session, options);
      return failed === undefined ? undefined : stopAt(first, failed);
    }
    return await executeJob(
      steps.map(({ step }) => step),
      first,
      session,
      options,
    );
  } catch (error) {
    if (error instanceof ProvisionError) return stopAt(first, error);
    throw error;
  } finally {
    options.signal.removeEventListener('abort', abort);
  }
}

async function executeJob(
  steps: readonly Step[],
  first: number,
  session: Session,
  options: ExecuteOptions,
): Promise<Stop | undefined> {
  const items = planJob(steps);
  const { results } = await session.run(items, (index) => {
    const [head, ...rest] = items[index]?.of ?? [];
    if (head !== undefined) options.onBegin([first + head, ...rest.map((one) => first + one)]);
  });
  const last = results.length - 1;
  const [item, result] = [items[last], results[last]];
  if (item === undefined || result === undefined || result.code === 0) {
    if (results.length === items.length) return undefined;
    throw new Error(`a job of ${items.length} items ended well after ${results.length}`);
  }
  const failures = [{ index: item.of[0], error: stepFault(item.script, result) }];
  const isLater = ({ part }: PlannedJobItem): boolean => part === 'afterwards' || part === 'atEnd';
  const reached = isLater(item) ? untilJudged(items, last) : item.of[0];
  // What was done beside the failed one, and not judged yet, is judged now: it may be what the other one needs.
  const open = items.filter((one, place) => isLater(one) && place > last && one.of[0] < reached);
  for (const look of options.signal.aborted ? [] : open) {
    const { results: looks } = await session.run([look]);
    const [seen] = looks;
    if (seen !== undefined && seen.code !== 0) failures.push({ index: look.of[0], error: stepFault(look.script, seen) });
  }
  const [head, ...rest] = failures.sort((a, b) => a.index - b.index).map(({ index, error }) => ({ index: first + index, error }));
  return head === undefined ? undefined : { reached: first + reached, failures: [head, ...rest] };
}

/** The first step that no item before what is done later at a place has done. */
function untilJudged(items: readonly PlannedJobItem[], place: number): number {
  return 1 + Math.max(...items.slice(0, place).flatMap(({ of, part }) => (part === 'step' ? of : [])));
}

function jobLength(steps: readonly PlacedStep[], from: number): number {
  const head = steps[from];
  const end = steps.findIndex(
    ({ step, host, user }, index) => index >= from && (!isJobStep(step) || host !== head?.host || user !== head.user),
  );
  return (end < 0 ? steps.length : end) - from;
}

/** Steps that need more than the shell: another channel, another host, a new connection. */
async function executeAlone(step: Step, session: Session, options: ExecuteOptions): Promise<ProvisionError | undefined> {
  if (step.kind === 'reboot') return rebootHost(session, step);
  if (step.kind === 'unpack') return unpack(step, session);
  if (step.kind === 'relay') {
    const seconds = step.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
    const source = await options.openSession(step.from.host, 'root');
    const { output, result: sent } = await source.drain(step.from.script, seconds);
    const [received, given] = await Promise.all([session.feed(step.script, output, seconds), sent]);
    if (given.code !== 0) return stepFault(step.from.script, given, ` on ${step.from.host}`);
    return received.code === 0 ? undefined : stepFault(step.script, received);
  }
  if (step.kind === 'put' && !('text' in step.content)) {
    const { localFile, sha256, size } = step.content;
    const result = await sendFile(session, { ...step, localFile, digest: sha256, size });
    return result.code === 0 ? undefined : stepFault(`send ${localFile} to ${step.path}`, result);
  }
  throw new Error(`a ${step.kind} step is part of a job`);
}

/** One stream for all that is small; large files follow, each by itself, so that it can go on where it stopped. */
async function unpack(step: UnpackStep, session: Session): Promise<ProvisionError | undefined> {
  const large = step.entries.filter(({ size = 0, hash }) => size >= LARGE && hash !== undefined);
  const small = step.entries.filter((entry) => !large.includes(entry));
  if (small.length > 0) {
    const packed = await isCompressible(small);
    const script = unpackCommand(step, packed);
    const seconds = streamSeconds(small.reduce((sum, { size = 0 }) => sum + size, 0));
    const result = await againWhenLost(() => session.feed(script, tarStream({ ...step, entries: small }, packed), seconds));
    if (result.code !== 0) return stepFault(script, result);
  }
  for (const { path: name, localFile = '', hash: digest = '', size = 0, mode } of large) {
    const { owner, group } = step;
    const path = `${step.directory}/${name}`;
    const result = await sendFile(session, { path, localFile, digest, size, owner, group, mode });
    if (result.code !== 0) return stepFault(`send ${localFile} to ${path}`, result);
  }
  return undefined;
}
