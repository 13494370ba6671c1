import { journal, journalMark, type JournalState } from '../../facts/journal.js';
import type { TaskStatus } from '../../model/event.js';
import type { Session } from '../../model/session.js';
import { digestOf } from '../../util/digest.js';
import { gather } from '../gather.js';
import type { Knowledge, Subject } from '../knowledge.js';
import type { PlayTask } from '../playTask.js';
import { journalItems, ownReads } from './items.js';
import { mergeJournal } from './merge.js';
import { putJournal } from './put.js';

export interface WriteJournalOptions {
  /** The journal's name: the playbook's. */
  readonly playbook: string;
  readonly host: string;
  /** Every task of the host in this run. */
  readonly tasks: readonly PlayTask[];
  /** How they ended, as far as they did. */
  readonly statuses: ReadonlyMap<PlayTask, TaskStatus>;
  /** The run was of all the playbook's tasks. */
  readonly whole: boolean;
  readonly knowledge: Knowledge;
  readonly openSession: (host: string, user: string) => Promise<Session>;
}

/**
 * Keeps on the host what the run made of it. What a change made stale is read once more; where the journal says the same
 * already, nothing is written. Needs the journal's mark among what is known of the host.
 */
export async function writeJournal(options: WriteJournalOptions): Promise<void> {
  const { playbook, host, statuses, whole, knowledge, openSession } = options;
  const on: Subject = { host, user: 'root' };
  const tasks = options.tasks.filter(({ task, on: place }) => place.host === host && !task.skipped);
  const settled = new Set(tasks.filter((task) => ['ok', 'changed'].includes(statuses.get(task) ?? '')));
  const stale = [...settled]
    .flatMap((task) => ownReads(task).map((read) => ({ on: task.on, read })))
    .filter((question) => knowledge.state(question.on, question.read) !== 'known');
  const kept = { on, read: journal(playbook) };
  if (stale.length > 0) await gather([...stale, kept], knowledge, openSession);
  const items = journalItems(tasks, settled, knowledge);
  const mark = whole && settled.size === tasks.length ? digestOf(items) : '';
  if (mark !== '' && knowledge.value(on, journalMark(playbook)) === mark) return;

  if (stale.length === 0) await gather([kept], knowledge, openSession);
  const merged = mergeJournal(knowledge.value(on, kept.read) as JournalState, items, whole);
  await putJournal(playbook, host, { mark, written: new Date().toISOString(), ...merged }, openSession);
}
