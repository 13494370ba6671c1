import { NotYetKnown, Unprepared, type Change } from '../model/change.js';
import type { TaskStatus } from '../model/event.js';
import type { Knowledge } from './knowledge.js';
import type { PlayTask } from './playTask.js';

/** A task with what must change for it. */
export interface PlannedItem {
  readonly task: PlayTask;
  readonly status: TaskStatus;
  readonly changes: readonly Change[];
  /** With `unknown`: the earlier tasks that decide. */
  readonly because?: readonly string[] | undefined;
  /** What the plan stands on: values that the host gave, values that earlier changes predict, or values that they may alter. */
  readonly basis: Basis;
}

export type Basis = 'known' | 'predicted' | 'open';

export interface PlannedRun {
  readonly items: readonly PlannedItem[];
  /** The first task that is not planned yet. */
  readonly next: number;
  /** The task at `next` cannot be planned, and why. */
  readonly error?: { readonly task: PlayTask; readonly cause: unknown } | undefined;
}

interface PlanOptions {
  readonly knowledge: Knowledge;
  readonly dryRun: boolean;
  /** Stop after the first task with changes (each is asked about). */
  readonly alone: boolean;
  /** Tasks that were done before in this run of the play. What is done once and not proved alters nothing the next time. */
  readonly done?: ReadonlySet<PlayTask>;
}

/**
 * Plans tasks in order on what is known and predicted, and lets each change tell what it touches. An apply's plan ends
 * where something must be read first; a dry run goes on, and calls such a task unknown.
 */
export function planRun(tasks: readonly PlayTask[], from: number, { knowledge, dryRun, alone, done }: PlanOptions): PlannedRun {
  const items: PlannedItem[] = [];
  for (let next = from; next < tasks.length; next++) {
    const task = tasks[next];
    if (task === undefined) break;
    if (task.task.skipped) {
      items.push({ task, status: 'skipped', changes: [], basis: 'known' });
      continue;
    }
    const basis = basisOf(task, knowledge);
    const open = basis === 'open';
    if (open && !dryRun) return { items, next };
    const accept = (changes: readonly Change[], unknown: boolean, because: readonly string[] | undefined) => {
      items.push({ task, status: statusOf(task, unknown, changes), changes, because, basis: unknown ? 'open' : basis });
      const over = done?.has(task) === true;
      for (const { touches, predicts } of changes.filter(({ verify }) => !over || verify !== false))
        knowledge.apply(task.on.host, touches ?? ['*'], predicts ?? [], task.task.id);
    };
    const because = open ? reasons(task, knowledge) : undefined;
    try {
      accept(
        task.prepared.plan((read) => knowledge.value(task.on, read)),
        open,
        because,
      );
    } catch (cause) {
      const later = cause instanceof NotYetKnown ? cause : undefined;
      // What was planned so far brings it; where nothing was, it will not come.
      if (later !== undefined && !dryRun && items.length > 0) return { items, next };
      if (later !== undefined && dryRun) accept(later.changes, true, because ?? [later.because]);
      // As things stand it cannot be planned, but they will stand otherwise by then.
      else if (open) accept(cause instanceof Unprepared ? cause.changes : [], true, because);
      else return { items, next, error: { task, cause } };
    }
    if (alone && (items.at(-1)?.changes.length ?? 0) > 0 && !dryRun) return { items, next: next + 1 };
  }
  return { items, next: tasks.length };
}

function basisOf({ prepared, on }: PlayTask, knowledge: Knowledge): Basis {
  const states = prepared.reads.map((read) => knowledge.state(on, read) ?? 'stale');
  if (states.includes('stale')) return 'open';
  return states.includes('predicted') ? 'predicted' : 'known';
}

function reasons({ prepared, on }: PlayTask, knowledge: Knowledge): readonly string[] {
  return [...new Set(prepared.reads.flatMap((read) => knowledge.reasons(on, read)))];
}

function statusOf({ task }: PlayTask, open: boolean, changes: readonly Change[]): TaskStatus {
  if (task.waits) return 'ok';
  if (open) return 'unknown';
  return changes.length > 0 ? 'changed' : 'ok';
}
