import type { Change } from '../model/change.js';
import { shownParts } from '../model/change.js';
import { TaskError, type ProvisionError } from '../model/errors.js';
import type { RunEvent, TaskStatus } from '../model/event.js';
import type { Session } from '../model/session.js';
import { timed, timedSync } from '../util/timing.js';
import { execute, type PlacedStep } from './execute.js';
import { faultReport } from './faults.js';
import { gather } from './gather.js';
import { noteCreations } from './journal/created.js';
import type { Knowledge, Learned } from './knowledge.js';
import { planRun, type PlannedItem } from './plan.js';
import type { PlayTask } from './playTask.js';

export type Confirm = (host: string, task: string, summary: readonly string[]) => Promise<'yes' | 'no' | 'continue'>;

/** One host's way through one play. */
export interface HostPlay {
  readonly host: string;
  readonly play: string;
  readonly tasks: readonly PlayTask[];
  readonly knowledge: Knowledge;
  readonly dryRun: boolean;
  readonly verbose: number;
  readonly signal: AbortSignal;
  readonly confirm: Confirm | undefined;
  openSession(host: string, user: string): Promise<Session>;
  report(event: RunEvent): void;
  /** Called when something was changed on a host. */
  onChange(): void;
  readonly watch?: Watch | undefined;
  /** The name of the journal that is kept on hosts: the playbook's. Undefined keeps none. */
  readonly journal?: string | undefined;
}

/** Follows and limits what a run plans. */
export interface Watch {
  /** Told of each value as it came from a host. */
  readonly learned?: Learned;
  /** Told of each task of a dry run as it was planned. */
  readonly planned?: (run: Pick<HostPlay, 'host' | 'play'>, item: PlannedItem) => void;
  /** Asked before anything of an apply is done: an error stops the host there. */
  readonly review?: (run: Pick<HostPlay, 'host' | 'play'>, item: PlannedItem) => ProvisionError | undefined;
}

/** How each task ended, and whether the host may go on to the next play. */
export interface HostPlayResult {
  readonly statuses: ReadonlyMap<PlayTask, TaskStatus>;
  readonly ok: boolean;
}

/**
 * The only loop: read what is not known, plan as far as it is known, do that, read again, prove it, go on. It ends when
 * a pass over all tasks finds nothing to do. A dry run plans once, on predictions.
 */
export async function convergeHost(run: HostPlay): Promise<HostPlayResult> {
  const statuses = new Map<PlayTask, TaskStatus>();
  const settle = (
    item: Pick<PlannedItem, 'task' | 'because'>,
    status: TaskStatus,
    changes: readonly Change[],
    error?: unknown,
  ) => {
    // A later pass that finds a task in order, or leaves it out again, says nothing new.
    if ((status === 'ok' || status === 'skipped') && statuses.has(item.task)) return;
    statuses.set(item.task, status);
    run.report(taskEvent(run, item, status, changes, error));
  };
  const changed = new Set<PlayTask>();
  let from = 0;
  let pending = false;
  await ask(run, run.tasks, 'read');
  for (;;) {
    const planned = timedSync('plan', run.host, () =>
      planRun(run.tasks, from, { knowledge: run.knowledge, dryRun: run.dryRun, alone: run.confirm !== undefined, done: changed }),
    );
    const items = await confirmed(run, planned.items);
    if (run.dryRun) {
      for (const item of items) {
        run.watch?.planned?.(run, item);
        settle(item, item.status, item.changes);
      }
      if (planned.error !== undefined) settle(planned.error, 'failed', [], planned.error.cause);
      return { statuses, ok: planned.error === undefined };
    }
    const active = items.filter(({ status, changes }) => status !== 'skipped' && changes.length > 0);
    const again = active.find(({ task, changes }) => changed.has(task) && changes.some(({ verify }) => verify !== false));
    if (again !== undefined) {
      settle(again, 'failed', again.changes, notConverged(again.changes, 'a later task undid it, and it'));
      return { statuses, ok: false };
    }
    const refused = refusal(run, active);
    if (refused !== undefined) {
      settle(refused.item, 'failed', refused.item.changes, refused.error);
      return { statuses, ok: false };
    }
    const repeated = active.filter(({ task }) => changed.has(task));
    const due = active.filter(({ task }) => !changed.has(task));
    if (!(await perform(run, items, due, repeated, settle))) return { statuses, ok: false };
    for (const { task } of due) changed.add(task);
    pending ||= due.length > 0;
    if (planned.error !== undefined && due.length === 0) {
      settle(planned.error, 'failed', [], planned.error.cause);
      return { statuses, ok: false };
    }
    if (run.signal.aborted) return { statuses, ok: false };
    from = planned.next;
    const end = from === run.tasks.length;
    if (end && !pending) return { statuses, ok: true };
    if (end) [from, pending] = [0, false];
    await ask(run, [...run.tasks.slice(from), ...due.map(({ task }) => task)], due.length > 0 ? 'verify' : 'read');
    if (!verify(due, run, settle)) return { statuses, ok: false };
    for (const item of due) settle(item, item.status, item.changes);
  }
}

function refusal(run: HostPlay, items: readonly PlannedItem[]): { item: PlannedItem; error: ProvisionError } | undefined {
  for (const item of items) {
    const error = run.watch?.review?.(run, item);
    if (error !== undefined) return { item, error };
  }
  return undefined;
}

type Settle = (
  item: Pick<PlannedItem, 'task' | 'because'>,
  status: TaskStatus,
  changes: readonly Change[],
  error?: unknown,
) => void;

/** Does the planned changes. What is in order up to the first change is told at once, the rest when it is proved. */
async function perform(
  run: HostPlay,
  items: readonly PlannedItem[],
  due: readonly PlannedItem[],
  repeated: readonly PlannedItem[],
  settle: Settle,
): Promise<boolean> {
  for (const item of items) if (!due.includes(item) && !repeated.includes(item)) settle(item, item.status, item.changes);
  // What is planned again without being done again changes nothing: its touches must not outlive this pass.
  for (const { task } of repeated) run.knowledge.distrustPredictions(task.on.host);
  if (due.length === 0) return true;
  const placed = [
    ...noteSteps(run, due),
    ...due.flatMap((item) =>
      item.changes.flatMap((change) =>
        change.steps.map((step): PlacedStep & { item: PlannedItem } => ({ step, ...item.task.on, item })),
      ),
    ),
  ];
  const predicted = due.flatMap(({ task, changes }) =>
    changes.flatMap(({ predicts = [] }) => predicts.map(({ host }) => host ?? task.on.host)),
  );
  const hosts = new Set([...placed.map(({ host }) => host), ...predicted]);
  const stop = await timed('apply', run.host, () =>
    execute({
      steps: placed,
      openSession: (host, user) => run.openSession(host, user),
      signal: run.signal,
      onBegin: (indices) => {
        run.onChange();
        const names = new Set(indices.flatMap((index) => placed[index]?.item.task.task.name ?? []));
        run.report({ type: 'host-activity', host: run.host, activity: 'task', task: [...names].join(', ') });
      },
    }),
  );
  for (const host of hosts) run.knowledge.distrustPredictions(host);
  if (stop === undefined) return true;
  const failed = new Map(stop.failures.map(({ index, error }) => [placed[index]?.item, error]));
  let done = true;
  for (const item of due) {
    done &&= item !== placed[stop.reached]?.item;
    const error = failed.get(item);
    if (error !== undefined) settle(item, 'failed', item.changes, error);
    else if (done) settle(item, item.status, item.changes);
  }
  return false;
}

/** What notes on each host what is about to be created there by root. */
function noteSteps(run: HostPlay, due: readonly PlannedItem[]): readonly (PlacedStep & { item: PlannedItem })[] {
  const { journal } = run;
  if (journal === undefined) return [];
  const own = due.filter(({ task }) => task.on.host === run.host && task.on.user === 'root');
  const [item] = own;
  const step = noteCreations(journal, own);
  return item === undefined || step === undefined ? [] : [{ step, ...item.task.on, item }];
}

/** Plans what was changed once more, on what the host says now: it must be nothing. */
function verify(done: readonly PlannedItem[], run: HostPlay, settle: Settle): boolean {
  for (const item of done) {
    if (item.changes.some((change) => change.verify === false)) continue;
    try {
      const left = item.task.prepared.plan((read) => run.knowledge.value(item.task.on, read));
      if (left.length === 0) continue;
      settle(
        item,
        'failed',
        item.changes,
        item.task.task.waits ? gone(left) : notConverged(left, 'it was done without an error, but it'),
      );
    } catch (error) {
      settle(item, 'failed', item.changes, error);
    }
    return false;
  }
  return true;
}

function notConverged(left: readonly Change[], why: string): TaskError {
  const wanted = left.flatMap(shownParts).map(({ summary }) => summary);
  return new TaskError(`not converged: ${why} would still: ${wanted.join('; ')}`, {
    hint: 'another task (or another program on the host) writes the same thing',
  });
}

/** A wait has ended, and what it waited for is not there. */
function gone(left: readonly Change[]): TaskError {
  const wanted = left.flatMap(shownParts).map(({ summary }) => summary);
  return new TaskError(`what it waited for was there, and is not any more: it would ${wanted.join('; ')}`, {
    hint: 'it does not stay up: its own log says why',
  });
}

async function ask(run: HostPlay, tasks: readonly PlayTask[], phase: 'read' | 'verify'): Promise<void> {
  const questions = tasks.flatMap(({ prepared, on }) => prepared.reads.map((read) => ({ read, on })));
  const open = questions.filter(({ read, on }) => {
    const state = run.knowledge.state(on, read);
    return state === undefined || state === 'stale';
  });
  if (open.length === 0) return;
  run.report({ type: 'host-activity', host: run.host, activity: 'read' });
  await timed(phase, run.host, () => gather(open, run.knowledge, (host, user) => run.openSession(host, user)));
}

async function confirmed(run: HostPlay, items: readonly PlannedItem[]): Promise<readonly PlannedItem[]> {
  if (run.confirm === undefined) return items;
  const answers: PlannedItem[] = [];
  for (const item of items) {
    const wanted = item.changes.flatMap(shownParts).map(({ summary }) => summary);
    const answer = wanted.length === 0 ? 'yes' : await run.confirm(run.host, item.task.task.name, wanted);
    // What it would have altered stays as it is, so nothing may be planned on that.
    if (answer === 'no') run.knowledge.distrustPredictions(item.task.on.host);
    answers.push(answer === 'no' ? { ...item, status: 'skipped', changes: [] } : item);
  }
  return answers;
}

function taskEvent(
  run: HostPlay,
  { task: { task }, because }: Pick<PlannedItem, 'task' | 'because'>,
  status: TaskStatus,
  changes: readonly Change[],
  error: unknown,
): RunEvent {
  return {
    type: 'task',
    host: run.host,
    play: run.play,
    task: task.name,
    id: task.id,
    status,
    changes: changes.flatMap(shownParts).map(({ summary, diff, packages }) => ({ summary, diff, packages })),
    ...(status === 'unknown' && because !== undefined ? { because } : {}),
    ...(error === undefined ? {} : { fault: faultReport(error, run.verbose, task) }),
  };
}
