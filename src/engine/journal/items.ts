import type { Read } from '../../model/fact.js';
import { digestOf } from '../../util/digest.js';
import type { Knowledge } from '../knowledge.js';
import type { PlayTask } from '../playTask.js';
import type { JournalItem } from './merge.js';

/** What a task reads of its own host. */
export function ownReads({ prepared, on }: PlayTask): readonly Read<never>[] {
  return prepared.reads.filter((read) => read.host === undefined || read.host === on.host);
}

/** A host's tasks under the names that its journal has for them: the id, numbered where several plays have the same. */
export function numbered(tasks: readonly PlayTask[]): readonly (readonly [string, PlayTask])[] {
  const seen = new Map<string, number>();
  return tasks.map((task) => {
    const count = (seen.get(task.task.id) ?? 0) + 1;
    seen.set(task.task.id, count);
    return [count === 1 ? task.task.id : `${task.task.id} (${count})`, task] as const;
  });
}

/** The tasks as a journal keeps them; `settled` are those that ended in order. Their reads are known. */
export function journalItems(
  tasks: readonly PlayTask[],
  settled: ReadonlySet<PlayTask>,
  knowledge: Knowledge,
): readonly JournalItem[] {
  return numbered(tasks).map(([id, task]) => ({
    id,
    state: settled.has(task)
      ? {
          kind: task.task.kind,
          code: task.prepared.digest(),
          reads: Object.fromEntries(
            ownReads(task).map((read) => [read.key, digestOf(read.fact.essence(knowledge.value(task.on, read)))]),
          ),
        }
      : undefined,
  }));
}
