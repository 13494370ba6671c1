import { NotYetKnown, type Change } from '../../model/change.js';
import type { Read } from '../../model/fact.js';
import type { Knowledge } from '../knowledge.js';
import type { PlayTask } from '../playTask.js';
import type { CopyValues } from './copyValues.js';

/** What a rehearsal knows: the real hosts, with predictions of what is only announced, and the copies. */
export interface Rehearsed {
  readonly knowledge: Knowledge;
  readonly values: CopyValues;
}

/** A task's plan as things stand in the copy. */
export interface RehearsalPlan {
  readonly changes: readonly Change[];
  /** Something that only the running system knows is open: the earlier tasks that decide it. */
  readonly because?: readonly string[] | undefined;
  /** It cannot be planned. */
  readonly error?: unknown;
}

/** Plans a task on what the copy says, and on what was predicted of the running system. */
export function planInCopy({ prepared, on }: PlayTask, { knowledge, values }: Rehearsed): RehearsalPlan {
  const open = prepared.reads.filter((read) => !values.decides(on, read) && (knowledge.state(on, read) ?? 'stale') === 'stale');
  const because = open.length === 0 ? undefined : [...new Set(open.flatMap((read) => knowledge.reasons(on, read)))];
  const valueOf = (read: Read<never>) => (values.decides(on, read) ? values.value(on, read) : knowledge.value(on, read));
  try {
    return { changes: prepared.plan(valueOf), because };
  } catch (error) {
    if (error instanceof NotYetKnown) return { changes: error.changes, because: [...(because ?? []), error.because] };
    return because === undefined ? { changes: [], error } : { changes: [], because };
  }
}

/** Whether a change acts on more than the host's files: it is announced, not made. */
export function isLive({ live, steps }: Change): boolean {
  return live ?? steps.some(({ kind }) => kind === 'reboot' || kind === 'relay');
}
