import { journal } from '../../facts/journal.js';
import type { Session } from '../../model/session.js';
import { askOne } from '../gather.js';
import type { Orphan } from './drift.js';
import { putJournal } from './put.js';

/** Takes things that are gone out of a host's journal. */
export async function forgetOrphans(
  name: string,
  host: string,
  gone: readonly Orphan[],
  openSession: (host: string, user: string) => Promise<Session>,
): Promise<void> {
  const topics = new Set(gone.map(({ topic }) => topic));
  const tasks = new Set(gone.map(({ task }) => task));
  const state = await askOne(journal(name), await openSession(host, 'root'));
  if (state.journal === undefined) return;
  const kept = Object.entries(state.journal.tasks).flatMap(([id, task]) => {
    if (!tasks.has(id)) return [[id, task] as const];
    const creates = task.creates.filter((topic) => !topics.has(topic));
    return creates.length === 0 ? [] : [[id, { ...task, creates }] as const];
  });
  const left = { ...state.journal, written: new Date().toISOString(), tasks: Object.fromEntries(kept) };
  await putJournal(name, host, { mark: '', ...left }, openSession);
}
