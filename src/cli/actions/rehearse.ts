import { isAbsolute } from 'node:path';
import { preflight } from '../../engine/preflight.js';
import { rehearse } from '../../engine/rehearsal/rehearse.js';
import { InputError } from '../../model/errors.js';
import { parseGlob } from '../../util/glob.js';
import { EXIT, runExitCode } from '../exitCodes.js';
import type { Args } from '../input/args.js';
import { load } from '../input/load.js';
import { playbookFiles } from '../input/playbookFile.js';
import { prepare, type Prepared } from '../input/prepare.js';
import { pageOf, withLive } from './live.js';

/** What is compared exactly where `--paths` does not say. */
const DEFAULT_PATHS = ['/etc/**'];

/**
 * `provision rehearse`: rehearses playbooks one after the other, each in copies of its own, and stops after one with
 * failures. Gives the exit code.
 */
export async function rehearsePlaybooks(
  args: Args<'rehearse'> & { readonly playbook?: readonly string[] | undefined },
): Promise<number> {
  if (args.scratch !== undefined && !isAbsolute(args.scratch)) {
    throw new InputError(`--scratch takes an absolute path on the hosts, and got "${args.scratch}"`);
  }
  const loaded = await load(args);
  const playbooks: Prepared[] = [];
  for (const file of playbookFiles(args.playbook ?? [])) playbooks.push(await prepare(file, loaded, args));
  for (const one of playbooks.slice(1)) await preflight(one);
  const paths = (args.paths ?? DEFAULT_PATHS).map(parseGlob);
  const page = await pageOf(args);
  let worst: number = EXIT.done;
  for (const one of playbooks) {
    const code = await withLive({ ...args, page }, loaded, async ({ options, openCopy }) =>
      runExitCode(await rehearse({ ...one, ...options, openCopy, paths }), args['detailed-exitcode']),
    );
    if (code !== EXIT.done && code !== EXIT.changes) return code;
    worst = Math.max(worst, code);
  }
  return worst;
}
