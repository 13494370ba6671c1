import { preflight } from '../../engine/preflight.js';
import { run, type RunOptions } from '../../engine/run.js';
import { InputError } from '../../model/errors.js';
import type { RunReporter } from '../../report/reporter.js';
import { EXIT, runExitCode } from '../exitCodes.js';
import type { Args } from '../input/args.js';
import { askStep, canAsk } from '../input/ask.js';
import { load, type Loaded } from '../input/load.js';
import { playbookFiles } from '../input/playbookFile.js';
import { chosenHosts, prepare, type Prepared } from '../input/prepare.js';
import { listing } from './listing.js';
import { pageOf, withLive, type ScreenArgs } from './live.js';

/** `provision [PLAYBOOK..]`: runs playbooks one after the other, and stops after one with failures. Gives the exit code. */
export async function runPlaybooks(args: Args<'run'> & { readonly playbook?: readonly string[] | undefined }): Promise<number> {
  if (args.step && !canAsk()) throw new InputError('--step asks before each change, and needs a terminal for it');
  const files = playbookFiles(args.playbook ?? []);
  const loaded = await load(args);
  const isList = args['list-hosts'] || args['list-tasks'] || args['list-tags'];
  if (!isList) await askSshAhead(loaded, args.limit);
  const playbooks: Prepared[] = [];
  for (const file of files) playbooks.push(await prepare(file, loaded, args));

  for (const one of isList ? playbooks : playbooks.slice(1)) {
    // The first one is checked by its own run; a later one must not turn out wrong when that has changed hosts.
    const planned = await preflight(one);
    if (isList) process.stdout.write(listing(one, planned, args));
  }
  if (isList) return EXIT.done;

  const page = await pageOf(args);
  let worst: number = EXIT.done;
  for (const one of playbooks) {
    const code = await runOne(one, loaded, { ...args, page });
    if (code !== EXIT.done && code !== EXIT.changes) return code;
    worst = Math.max(worst, code);
  }
  return worst;
}

/** What ssh_config says of the hosts is found out while the playbook is loaded and checked. */
async function askSshAhead({ inventory, connections }: Loaded, limit: string | undefined): Promise<void> {
  const { askAhead } = await import('../../transport/connect/settings.js');
  for (const host of chosenHosts(inventory, limit)) {
    const connection = connections.get(host);
    if (connection?.type === 'ssh') askAhead(connection);
  }
}

async function runOne(prepared: Prepared, loaded: Loaded, args: Args<'run'> & Pick<ScreenArgs, 'page'>): Promise<number> {
  return withLive(args, loaded, async ({ options, reporter, interrupt }) => {
    const outcome = await run({
      ...prepared,
      ...options,
      dryRun: args.check,
      confirm: args.step ? confirmer(reporter, interrupt) : undefined,
    });
    return runExitCode(outcome, args['detailed-exitcode']);
  });
}

/** Asks on the screen that the reporter leaves for it. */
function confirmer(reporter: RunReporter, interrupt: () => void): NonNullable<RunOptions['confirm']> {
  let all = false;
  return (host, task, summary) =>
    reporter.hold(async () => {
      if (all) return 'continue';
      const answer = await askStep(host, task, summary);
      if (answer === 'interrupted') interrupt();
      all = answer === 'continue';
      return answer === 'interrupted' ? 'no' : answer;
    });
}
