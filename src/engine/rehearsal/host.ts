import type { Change } from '../../model/change.js';
import { shownParts } from '../../model/change.js';
import { TaskError, type ProvisionError } from '../../model/errors.js';
import type { ChangeReport, TaskStatus } from '../../model/event.js';
import type { HostPlay, HostPlayResult } from '../converge.js';
import { execute } from '../execute.js';
import { faultReport } from '../faults.js';
import { gather } from '../gather.js';
import type { PlayTask } from '../playTask.js';
import type { Copies } from './copies.js';
import type { CopyValues } from './copyValues.js';
import { fileReports, ownWords } from './fileReports.js';
import { isLive, planInCopy, type RehearsalPlan } from './plan.js';

export interface HostRehearsal extends HostPlay {
  readonly copies: Copies;
  readonly values: CopyValues;
}

/**
 * One host's way through one play in its copy, task by task: plan, make what concerns files, announce what acts on the
 * running system, prove by planning again. A second pass over all finds what later tasks undid.
 */
export async function rehearseHost(run: HostRehearsal): Promise<HostPlayResult> {
  const statuses = new Map<PlayTask, TaskStatus>();
  await askHosts(run, run.tasks);
  for (let pass = 1; ; pass++) {
    let acted = false;
    for (const task of run.tasks) {
      if (run.signal.aborted) return { statuses, ok: false };
      const outcome = await rehearseTask(run, task, statuses.get(task));
      acted ||= outcome.acted;
      if (outcome.event === undefined) continue;
      const { status, changes, error, because } = outcome.event;
      statuses.set(task, status);
      run.report({
        type: 'task',
        host: run.host,
        play: run.play,
        task: task.task.name,
        id: task.task.id,
        status,
        changes,
        ...(because === undefined ? {} : { because }),
        ...(error === undefined ? {} : { fault: faultReport(error, run.verbose, task.task) }),
      });
      if (status === 'failed') return { statuses, ok: false };
    }
    if (!acted || pass === MOST_PASSES) return { statuses, ok: true };
  }
}

/** Each task changes something once at most, so the second pass is the last one that can. */
const MOST_PASSES = 2;

interface Outcome {
  /** Something was done in the copy. */
  readonly acted: boolean;
  /** What is told of it; nothing where a later pass finds nothing new. */
  readonly event?:
    | {
        readonly status: TaskStatus;
        readonly changes: readonly ChangeReport[];
        readonly because?: readonly string[] | undefined;
        readonly error?: unknown;
      }
    | undefined;
}

async function rehearseTask(run: HostRehearsal, task: PlayTask, before: TaskStatus | undefined): Promise<Outcome> {
  const quiet = before !== undefined;
  if (task.task.skipped) return { acted: false, event: quiet ? undefined : { status: 'skipped', changes: [] } };
  await run.values.ask(task);
  await askHosts(run, [task]);
  const plan = planInCopy(task, run);
  if (plan.error !== undefined) return { acted: false, event: { status: 'failed', changes: [], error: plan.error } };
  const due = quiet ? plan.changes.filter((change) => !isLive(change) && change.verify !== false) : plan.changes;
  if (quiet && (due.length === 0 || plan.because !== undefined)) return { acted: false };
  if (before === 'changed') {
    return { acted: false, event: { status: 'failed', changes: announced(due), error: undone(due) } };
  }
  return await perform(run, task, due, plan);
}

async function perform(run: HostRehearsal, task: PlayTask, changes: readonly Change[], plan: RehearsalPlan): Promise<Outcome> {
  const { host } = task.on;
  const made: Change[] = [];
  let error: unknown;
  for (const change of changes) {
    if (isLive(change)) {
      // What it touches without saying so is left as it is: else nothing after it could be rehearsed.
      run.knowledge.apply(host, change.touches ?? [], change.predicts ?? [], task.task.id);
      continue;
    }
    made.push(change);
    error = await make(run, task, change);
    run.knowledge.apply(host, change.touches ?? ['*'], change.predicts ?? [], task.task.id);
    run.values.made(host, change);
    if (error !== undefined) break;
  }
  const files = made.length === 0 ? [] : await compareFiles(run, host, made);
  const reports = [...announced(changes), ...files];
  if (error === undefined && made.length > 0) error = await prove(run, task);
  if (error !== undefined) return { acted: true, event: { status: 'failed', changes: reports, error } };
  const { because } = plan;
  const status = task.task.waits ? 'ok' : because !== undefined ? 'unknown' : changes.length > 0 ? 'changed' : 'ok';
  return { acted: made.length > 0, event: { status, changes: reports, ...(status === 'unknown' ? { because } : {}) } };
}

async function make(run: HostRehearsal, { on, task }: PlayTask, { steps }: Change): Promise<ProvisionError | undefined> {
  run.report({ type: 'host-activity', host: run.host, activity: 'task', task: task.name });
  const stop = await execute({
    steps: steps.map((step) => ({ step, ...on })),
    openSession: (host, user) => run.copies.open(host, user),
    signal: run.signal,
    onBegin: () => undefined,
  });
  return stop === undefined ? undefined : inTheCopy(stop.failures[0].error);
}

/** Space that is short in the copy is memory, not disk. */
function inTheCopy(error: ProvisionError): ProvisionError {
  if (!(error instanceof TaskError) || error.output?.includes('No space left on device') !== true) return error;
  const { message, command, output } = error;
  return new TaskError(message, {
    command,
    output,
    cause: error,
    hint: 'a rehearsal keeps what is written in memory, three quarters of what is free: keep it on disk (--scratch /var/tmp), or rehearse fewer tasks (--tags)',
  });
}

async function compareFiles(run: HostRehearsal, host: string, made: readonly Change[]): Promise<readonly ChangeReport[]> {
  const touched = await (await run.copies.files(host)).compare();
  const own = ownWords(made);
  const tainted = run.copies.tainted(host);
  if (own.secret) for (const { path } of touched.shown) tainted.add(path);
  return fileReports(touched, own, tainted);
}

/** Plans once more on what the copy says now: nothing that concerns files may be left. */
async function prove(run: HostRehearsal, task: PlayTask): Promise<unknown> {
  await run.values.ask(task);
  const { changes, because, error } = planInCopy(task, run);
  if (error !== undefined || because !== undefined) return error;
  const left = changes.filter((change) => !isLive(change) && change.verify !== false);
  return left.length === 0 ? undefined : notConverged(left, 'it was done without an error, but it');
}

function undone(left: readonly Change[]): TaskError {
  return notConverged(left, 'a later task undid it, and it');
}

function notConverged(left: readonly Change[], why: string): TaskError {
  const wanted = left.flatMap(shownParts).map(({ summary }) => summary);
  return new TaskError(`not converged: ${why} would still: ${wanted.join('; ')}`, {
    hint: 'another task writes the same thing, or it needs what does not run in a rehearsal',
  });
}

function announced(changes: readonly Change[]): readonly ChangeReport[] {
  return changes.flatMap((change) =>
    shownParts(change).map(({ summary, diff, packages }) => ({
      summary: isLive(change) ? `${summary} (announced only)` : summary,
      ...(diff === undefined ? {} : { diff }),
      ...(packages === undefined ? {} : { packages }),
    })),
  );
}

/** Asks the real hosts for what no one has asked yet; what they said before stays. */
async function askHosts(run: HostRehearsal, tasks: readonly PlayTask[]): Promise<void> {
  const open = tasks.flatMap(({ prepared, on }) =>
    prepared.reads.flatMap((read) =>
      run.values.decides(on, read) || run.knowledge.state(on, read) !== undefined ? [] : [{ on, read }],
    ),
  );
  if (open.length > 0) await gather(open, run.knowledge, (host, user) => run.openSession(host, user));
}
