import { JOURNAL_FORMAT, type Journal, type JournalTask } from '../../model/journal.js';
import type { JournalState } from '../../facts/journal.js';
import type { Topic } from '../../model/topic.js';

/** A task of this run, as the journal keeps it; `state` is undefined where the run did not get it in order. */
export interface JournalItem {
  readonly id: string;
  readonly state: Omit<JournalTask, 'creates'> | undefined;
}

/**
 * The journal after a run: its tasks as they are now, with what they ever created. Tasks that the code no longer has stay
 * for what they created (`whole`: the run was of all tasks); else they are forgotten.
 */
export function mergeJournal(old: JournalState, items: readonly JournalItem[], whole: boolean): Omit<Journal, 'written'> {
  const before = old.journal?.tasks ?? {};
  const made = new Map<string, Topic[]>();
  for (const { task, topic } of old.created) made.set(task, [...(made.get(task) ?? []), topic]);
  const createdBy = (id: string): readonly Topic[] =>
    [...new Set([...(before[id]?.creates ?? []), ...(made.get(id) ?? [])])].sort();
  const tasks = new Map<string, JournalTask>();
  const current = new Map(items.map((item) => [item.id, item]));
  for (const id of [...new Set([...current.keys(), ...Object.keys(before), ...made.keys()])].sort()) {
    const creates = createdBy(id);
    const item = current.get(id);
    const known = item?.state ?? before[id];
    if (item === undefined && whole && creates.length === 0) continue;
    if (known === undefined && creates.length === 0) continue;
    tasks.set(id, { kind: known?.kind ?? id.split(' ')[0] ?? '', code: known?.code ?? '', reads: known?.reads ?? {}, creates });
  }
  return { format: JOURNAL_FORMAT, tasks: Object.fromEntries(tasks) };
}
