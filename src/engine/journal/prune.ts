import { z } from 'zod';
import { journal } from '../../facts/journal.js';
import { playbook, type AnyPlaybook } from '../../model/playbook.js';
import type { Session } from '../../model/session.js';
import { leftover } from '../../tasks/leftover.js';
import { askOne } from '../gather.js';
import type { Orphan } from './drift.js';
import { putJournal } from './put.js';

/** Kinds whose folder is theirs with all that is in it. */
const WHOLE_FOLDERS = ['tree', 'git', 'archive'];

/** What must go before what: a unit before its file, files before their folder, a user before its group. */
const ORDER = ['unit', 'path', 'user', 'group'];

/** A playbook that removes what is left over on each host, and nothing else. */
export function prunePlaybook(orphans: readonly Orphan[]): AnyPlaybook {
  return playbook({
    vars: z.looseObject({}),
    groups: [],
    plays: [
      {
        name: 'Remove what the code no longer names',
        hosts: 'all',
        tasks: ({ host }) =>
          orphans
            .filter((orphan) => orphan.host === host.name)
            .sort(byOrder)
            .map(({ topic, kind }) => leftover({ topic, recursive: WHOLE_FOLDERS.includes(kind) })),
      },
    ],
  });
}

/** Whether this tool can remove it: packages and what a database holds are left to people. */
export function isRemovable({ topic }: Orphan): boolean {
  return ORDER.includes(topic.slice(0, topic.indexOf(':')));
}

function byOrder(a: Orphan, b: Orphan): number {
  const place = ({ topic }: Orphan) => ORDER.indexOf(topic.slice(0, topic.indexOf(':')));
  // Of paths the deepest first.
  return place(a) - place(b) || b.topic.split('/').length - a.topic.split('/').length || a.topic.localeCompare(b.topic);
}

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
