import { findDrift, type Drift, type Orphan } from '../../engine/journal/drift.js';
import { forgetOrphans } from '../../engine/journal/forget.js';
import { run } from '../../engine/run.js';
import { InputError } from '../../model/errors.js';
import type { RunEvent } from '../../model/event.js';
import { coloursFor } from '../../report/colours.js';
import { driftLines } from '../../report/driftText.js';
import { EXIT, runExitCode } from '../exitCodes.js';
import type { Args } from '../input/args.js';
import { askStep, canAsk } from '../input/ask.js';
import { load } from '../input/load.js';
import { playbookFiles } from '../input/playbookFile.js';
import { prepare, type Prepared } from '../input/prepare.js';
import { pageOf, withLive, type Live } from './live.js';
import { isRemovable, prunePlaybook } from './prunePlaybook.js';

type DriftArgs = Args<'drift'> & { readonly playbook?: string | undefined };

/** `provision drift`: says how hosts differ from the code and why; with `--prune` removes what is left over. Gives the exit code. */
export async function drift(args: DriftArgs): Promise<number> {
  if (args.prune && !args.yes && !canAsk()) {
    throw new InputError('--prune asks before it removes anything, and needs a terminal for it', {
      hint: 'look at what "provision drift" lists, then say --prune --yes',
    });
  }
  const [file = ''] = playbookFiles(args.playbook === undefined ? [] : [args.playbook]);
  const loaded = await load(args);
  const prepared = await prepare(file, loaded, args);
  const page = await pageOf(args);
  const events: RunEvent[] = [];
  const found = await withLive({ ...args, output: 'plain', html: undefined }, loaded, ({ options }) => {
    const failures = failuresOnly(options.report);
    const report = (event: RunEvent) => {
      events.push(event);
      failures(event);
    };
    return findDrift({ ...prepared, ...options, report, dryRun: true }, prepared.journal ?? '');
  });
  tell(found, args);
  if (page !== undefined) await (await import('../../report/html/drift.js')).writeDrift(page, found, events);
  const code = runExitCode(found.outcome, false);
  const removable = found.orphans.filter(isRemovable);
  if (code === EXIT.done && args.prune && removable.length > 0) {
    return withLive({ ...args, page }, loaded, (live) => prune(prepared, removable, live, args));
  }
  return code === EXIT.done && args['detailed-exitcode'] && found.entries.length + found.orphans.length > 0 ? EXIT.changes : code;
}

/** The dry run below is not what is asked for: only what went wrong in it is. */
function failuresOnly(report: Live['options']['report']): Live['options']['report'] {
  return (event) => {
    if (event.type === 'host-unreachable' || (event.type === 'task' && event.status === 'failed')) report(event);
  };
}

function tell(found: Drift, args: DriftArgs): void {
  const { entries, orphans, withoutJournal, written } = found;
  const text =
    args.output === 'json'
      ? JSON.stringify({ format: 1, entries, orphans, withoutJournal, written })
      : driftLines(found, { diff: args.diff, colours: coloursFor(process.stdout) }).join('\n');
  process.stdout.write(`${text}\n`);
}

async function prune(
  prepared: Prepared,
  orphans: readonly Orphan[],
  { options, reporter, interrupt }: Live,
  args: DriftArgs,
): Promise<number> {
  const playbook = prunePlaybook(orphans);
  const removal = { ...prepared, ...options, playbook, journal: undefined, tags: [], skipTags: [], startAtTask: undefined };
  await run({ ...removal, dryRun: true });
  if (!args.yes) {
    const answer = await reporter.hold(() => askStep('all hosts', 'remove all of this', []));
    if (answer === 'interrupted') interrupt();
    if (answer !== 'yes' && answer !== 'continue') return EXIT.done;
  }
  const outcome = await run({ ...removal, dryRun: false });
  const name = prepared.journal ?? '';
  for (const [host, totals] of Object.entries(outcome.totals)) {
    const own = orphans.filter((orphan) => orphan.host === host);
    if (own.length > 0 && totals.failed + totals.unreachable === 0) await forgetOrphans(name, host, own, options.openSession);
  }
  return runExitCode(outcome, args['detailed-exitcode']);
}
