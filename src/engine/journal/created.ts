import { journalFiles, JOURNAL_DIRECTORY } from '../../facts/journal.js';
import { sh, type ShellStep } from '../../model/change.js';
import type { PlannedItem } from '../plan.js';
import { quote, shellLine } from '../../util/shell.js';

/**
 * A step that notes what changes are about to create, before they do: a run that dies in the middle leaves a note of
 * what may not have been made, never something made without a note. Undefined where nothing is created.
 */
export function noteCreations(playbook: string, items: readonly PlannedItem[]): ShellStep | undefined {
  const lines = items.flatMap(({ task, changes }) =>
    changes.flatMap(({ creates = [] }) => creates.map((topic) => `${topic}\t${task.task.id}`)),
  );
  if (lines.length === 0) return undefined;
  return sh(
    [
      'umask 077',
      `[ -d ${quote(JOURNAL_DIRECTORY)} ] || mkdir -p -- ${quote(JOURNAL_DIRECTORY)}`,
      `printf '%s\\n' ${shellLine(...lines)} >>${quote(journalFiles(playbook).created)}`,
    ].join('\n'),
  );
}
