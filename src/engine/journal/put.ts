import { journalFiles, JOURNAL_DIRECTORY } from '../../facts/journal.js';
import { sh } from '../../model/change.js';
import type { Journal } from '../../model/journal.js';
import type { Session } from '../../model/session.js';
import { quote } from '../../util/shell.js';
import { execute } from '../execute.js';

/**
 * Writes a host's journal of a playbook. `mark` names its content, or is empty where the next run must look at it anew.
 * Throws ProvisionError.
 */
export async function putJournal(
  playbook: string,
  host: string,
  { mark, ...journal }: Journal & { readonly mark: string },
  openSession: (host: string, user: string) => Promise<Session>,
): Promise<void> {
  const files = journalFiles(playbook);
  const steps = [
    sh(`mkdir -p -m 0700 -- ${quote(JOURNAL_DIRECTORY)}`),
    {
      kind: 'put' as const,
      path: files.journal,
      // The mark stands in the second line, where `journalMark` finds it without a parser.
      content: { text: `${JSON.stringify({ mark, ...journal }, undefined, 1)}\n` },
      owner: 'root',
      group: 'root',
      mode: '0600',
    },
    sh(`rm -f -- ${quote(files.created)}`),
  ];
  const stop = await execute({
    steps: steps.map((step) => ({ step, host, user: 'root' })),
    openSession,
    signal: new AbortController().signal,
    onBegin: () => undefined,
  });
  if (stop !== undefined) throw stop.failures[0].error;
}
