import type { Session } from '../../model/session.js';
import type { Glob } from '../../util/glob.js';
import { run, type RunOptions, type RunOutcome } from '../run.js';
import { createCopies } from './copies.js';
import { createCopyValues } from './copyValues.js';
import { rehearseHost } from './host.js';

export interface RehearseOptions extends Omit<RunOptions, 'dryRun' | 'confirm' | 'watch' | 'refused' | 'playHost'> {
  /** The session of an account in a throwaway copy of a host. */
  readonly openCopy: (host: string, user: string) => Promise<Session>;
  /** Which files are compared exactly. */
  readonly paths: readonly Glob[];
}

const WHAT_IT_IS =
  'rehearsal: each host does this in a throwaway copy of its file systems; what acts on the running system is announced only';

/**
 * Runs a playbook in throwaway copies of its hosts: what concerns files is really done there and compared, what acts on
 * the running system is announced. Nothing of it stays. Throws InputError before anything is contacted.
 */
export async function rehearse(options: RehearseOptions): Promise<RunOutcome> {
  const copies = createCopies(options.openCopy, options.paths);
  const values = createCopyValues((host, user) => copies.open(host, user));
  const report: RunOptions['report'] = (event) => {
    options.report(event);
    if (event.type === 'run-start') options.report({ type: 'note', text: WHAT_IT_IS });
  };
  return await run({ ...options, report, dryRun: true, playHost: (play) => rehearseHost({ ...play, copies, values }) });
}
