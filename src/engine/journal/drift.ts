import { journal, type JournalState } from '../../facts/journal.js';
import { shownParts } from '../../model/change.js';
import type { ChangeReport } from '../../model/event.js';
import type { JournalTask } from '../../model/journal.js';
import { overlaps, type Topic } from '../../model/topic.js';
import { askOne } from '../gather.js';
import type { PlayTask } from '../playTask.js';
import type { RunOptions, RunOutcome } from '../run.js';
import { recordPlan, type RecordedItem, type Recording } from '../savedPlan/record.js';
import { numbered, ownReads } from './items.js';

/** Why a host is not as the code says. */
export type DriftCause =
  /** The host was changed by something else than this tool since its last run. */
  | 'host'
  /** The playbook, its templates or its variables (a secret, perhaps) were changed since then. */
  | 'code'
  | 'both'
  /** The journal knows nothing of the task: it is new, or never came to its end. */
  | 'new';

/** A task that would change something, and why. */
export interface DriftEntry {
  readonly host: string;
  readonly play: string;
  readonly id: string;
  readonly name: string;
  readonly cause: DriftCause;
  /** False where an earlier task decides what would change. */
  readonly known: boolean;
  readonly changes: readonly ChangeReport[];
}

/** Something that a task once made on a host which is not in the code any more. */
export interface Orphan {
  readonly host: string;
  /** The task's id. */
  readonly task: string;
  readonly kind: string;
  readonly topic: Topic;
}

export interface Drift {
  readonly outcome: RunOutcome;
  readonly entries: readonly DriftEntry[];
  readonly orphans: readonly Orphan[];
  /** Hosts that no run has left a journal on. */
  readonly withoutJournal: readonly string[];
  /** When each host's journal was written. */
  readonly written: Readonly<Record<string, string>>;
}

/** Compares hosts with the code and with what the last run left. Changes nothing. `name` is the journal's. */
export async function findDrift(options: RunOptions, name: string): Promise<Drift> {
  const recording = await recordPlan(options);
  const reached = Object.entries(recording.outcome.totals).flatMap(([host, { unreachable }]) => (unreachable > 0 ? [] : [host]));
  const journals = new Map(
    await Promise.all(
      reached.map(async (host) => [host, await askOne(journal(name), await options.openSession(host, 'root'))] as const),
    ),
  );
  const perHost = [...journals].map(([host, state]) => ({
    host,
    state,
    items: recording.items.filter((item) => item.host === host && item.task.on.host === host && item.status !== 'skipped'),
  }));
  return {
    outcome: recording.outcome,
    entries: perHost.flatMap(({ host, state, items }) => entriesOf(host, state, items, recording)),
    orphans: perHost.flatMap(({ host, state, items }) =>
      orphansOf(
        host,
        state,
        items.map(({ task }) => task),
      ),
    ),
    withoutJournal: perHost.flatMap(({ host, state, items }) => (state.journal === undefined && items.length > 0 ? [host] : [])),
    written: Object.fromEntries(
      perHost.flatMap(({ host, state }) => (state.journal === undefined ? [] : [[host, state.journal.written]])),
    ),
  };
}

function entriesOf(
  host: string,
  { journal: known }: JournalState,
  items: readonly RecordedItem[],
  { hashOf }: Recording,
): readonly DriftEntry[] {
  const names = new Map(numbered(items.map(({ task }) => task)).map(([id, task]) => [task, id]));
  return items.flatMap((item) => {
    const { task, status, changes, play } = item;
    if (status !== 'changed' && status !== 'unknown') return [];
    const id = names.get(task) ?? task.task.id;
    return [
      {
        host,
        play,
        id,
        name: task.task.name,
        cause: causeOf(known?.tasks[id], task, hashOf),
        known: status === 'changed',
        changes: changes.flatMap(shownParts).map(({ summary, diff }) => ({ summary, diff })),
      },
    ];
  });
}

function causeOf(before: JournalTask | undefined, task: PlayTask, hashOf: Recording['hashOf']): DriftCause {
  if (before === undefined || before.code === '') return 'new';
  const sameHost = ownReads(task).every((read) => before.reads[read.key] === hashOf(task.on, read));
  const sameCode = before.code === task.prepared.digest();
  if (sameHost) return 'code';
  return sameCode ? 'host' : 'both';
}

/** What tasks of the journal made that no task of now asks about any more. */
function orphansOf(host: string, { journal: known, created }: JournalState, tasks: readonly PlayTask[]): readonly Orphan[] {
  const current = new Set(numbered(tasks).map(([id]) => id));
  const asked = tasks.flatMap((task) => ownReads(task).flatMap(({ topics }) => topics));
  const made = [
    ...Object.entries(known?.tasks ?? {}).flatMap(([id, { kind, creates }]) => creates.map((topic) => ({ id, kind, topic }))),
    ...created.map(({ task, topic }) => ({ id: task, kind: task.split(' ')[0] ?? '', topic })),
  ];
  const orphans = made.filter(({ id, topic }) => !current.has(id) && !asked.some((one) => one !== '*' && overlaps(one, topic)));
  const unique = new Map(orphans.map((orphan) => [orphan.topic, orphan]));
  return [...unique.values()].map(({ id, kind, topic }) => ({ host, task: id, kind, topic }));
}
