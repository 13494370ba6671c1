import { z } from 'zod';
import type { Orphan } from '../../engine/journal/drift.js';
import { playbook, type AnyPlaybook } from '../../model/playbook.js';
import { leftover } from '../../tasks/leftover.js';

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
