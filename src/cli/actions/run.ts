import { loadPlaybook } from '../../engine/loadPlaybook.js';
import { preflight } from '../../engine/preflight.js';
import { run, type RunOptions } from '../../engine/run.js';
import { selectHosts } from '../../inventory/pattern.js';
import { requireGroups, validateHosts } from '../../inventory/validate.js';
import { InputError } from '../../model/errors.js';
import { coloursFor } from '../../report/colours.js';
import { createReporter, type OutputKind, type RunReporter } from '../../report/reporter.js';
import { EXIT, runExitCode } from '../exitCodes.js';
import type { Args } from '../input/args.js';
import { askStep, canAsk } from '../input/ask.js';
import { load, type Loaded } from '../input/load.js';
import { DEFAULT_FORKS } from '../input/options.js';
import { opener } from '../input/opener.js';
import { playbookFiles } from '../input/playbookFile.js';
import { interruptible } from '../interrupt.js';
import { listing } from './listing.js';

type Prepared = Pick<
  RunOptions,
  'playbook' | 'playbookFile' | 'inventory' | 'hosts' | 'selected' | 'tags' | 'skipTags' | 'startAtTask'
>;

/** `provision [PLAYBOOK..]`: runs playbooks one after the other, and stops after one with failures. Gives the exit code. */
export async function runPlaybooks(args: Args<'run'> & { readonly playbook?: readonly string[] | undefined }): Promise<number> {
  if (args.step && !canAsk()) throw new InputError('--step asks before each change, and needs a terminal for it');
  const files = playbookFiles(args.playbook ?? []);
  const loaded = await load(args);
  const playbooks: Prepared[] = [];
  for (const file of files) playbooks.push(await prepare(file, loaded, args));

  const isList = args['list-hosts'] || args['list-tasks'] || args['list-tags'];
  for (const one of isList ? playbooks : playbooks.slice(1)) {
    // The first one is checked by its own run; a later one must not turn out wrong when that has changed hosts.
    const planned = await preflight(one);
    if (isList) process.stdout.write(listing(one, planned, args));
  }
  if (isList) return EXIT.done;

  let worst: number = EXIT.done;
  for (const one of playbooks) {
    const code = await runOne(one, loaded, args);
    if (code !== EXIT.done && code !== EXIT.changes) return code;
    worst = Math.max(worst, code);
  }
  return worst;
}

async function prepare(playbookFile: string, { inventory }: Loaded, args: Args<'run'>): Promise<Prepared> {
  const playbook = await loadPlaybook(playbookFile);
  requireGroups(inventory, playbook.groups);
  return {
    playbook,
    playbookFile,
    inventory,
    hosts: validateHosts(inventory, playbook.vars),
    selected: args.limit === undefined ? inventory.hosts.map((host) => host.name) : selectHosts(inventory, args.limit),
    tags: args.tags ?? [],
    skipTags: args['skip-tags'] ?? [],
    startAtTask: args['start-at-task'],
  };
}

async function runOne(prepared: Prepared, { connections }: Loaded, args: Args<'run'>): Promise<number> {
  const reporter = await createReporter(args.output ?? defaultOutput(), {
    output: process.stdout,
    colours: coloursFor(process.stdout),
    diff: args.diff,
    verbose: args.verbose,
  });
  const interrupt = interruptible(() => {
    reporter.report({ type: 'note', text: 'stopping: running jobs are asked to end; Ctrl-C again leaves at once' });
  });
  const sessions = opener({
    args,
    connections,
    hold: reporter.hold,
    onReconnect: (host) => {
      reporter.report({ type: 'host-activity', host, activity: 'reconnect' });
    },
  });
  try {
    const outcome = await run({
      ...prepared,
      dryRun: args.check,
      forks: args.forks ?? DEFAULT_FORKS,
      confirm: args.step ? confirmer(reporter, interrupt.trigger) : undefined,
      openSession: (host, user) => sessions.open(host, user),
      verbose: args.verbose,
      signal: interrupt.signal,
      report: (event) => {
        reporter.report(event);
      },
    });
    return runExitCode(outcome, args['detailed-exitcode']);
  } finally {
    await sessions.close();
    interrupt.release();
    await reporter.close();
  }
}

function defaultOutput(): OutputKind {
  return process.stdout.isTTY && process.env['TERM'] !== 'dumb' ? 'tree' : 'plain';
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
