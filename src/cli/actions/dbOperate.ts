import { findBackups, planBackup, planRestore } from '../../database/backups.js';
import { formerPrimary, planFailover } from '../../database/failover.js';
import { lookAt, isRunning, type Member } from '../../database/member.js';
import type { Operation } from '../../database/operation.js';
import { announce, hostsOf, perform, type Totals } from '../../database/perform.js';
import { planSwitchover } from '../../database/switchover.js';
import { witnessesOf } from '../../database/witnesses.js';
import { InputError } from '../../model/errors.js';
import { EXIT, runExitCode } from '../exitCodes.js';
import { askStep, canAsk } from '../input/ask.js';
import type { DbContext } from './db.js';
import { withLive, type Live } from './live.js';

/** How far a new primary may be behind before a switchover, in seconds. */
const MAX_LAG = 5;
const SWITCHOVER_WAIT = 10;
const FAILOVER_WAIT = 60;

/** Looks at all servers, plans, asks, and does it: switchover, failover, backup, restore. Gives the exit code. */
export async function operate({ args: given, ...rest }: DbContext): Promise<number> {
  // A backup takes nothing away from anybody.
  const args = { ...given, yes: given.yes || given.operation === 'backup' };
  const context = { ...rest, args };
  const { loaded, servers } = context;
  if (args.operation === 'switchover' && args.host === undefined) {
    throw new InputError('db switchover needs the host that is to take the writes', {
      hint: `one of ${servers.map(({ host }) => host).join(', ')}`,
    });
  }
  if (!args.yes && !args.check && !canAsk()) {
    throw new InputError(`db ${args.operation} asks before it changes anything, and needs a terminal for it`, {
      hint: 'look at what --check tells, then say --yes',
    });
  }
  return withLive({ ...args, diff: false }, loaded, async (live) => {
    const plan = async () => planFor(context, await lookAt(servers, live.options.openSession), live);
    const operation = await plan();
    if (operation === undefined) {
      live.options.report({ type: 'note', text: `${args.host ?? 'it'} takes the writes already: nothing to do` });
      return EXIT.done;
    }
    if (args.check || !args.yes) {
      await asRun(context, live, true, operation, () => announce(operation, live.options.report));
      if (args.check) return args['detailed-exitcode'] ? EXIT.changes : EXIT.done;
      if (!(await agreed(operation, live))) return live.options.signal.aborted ? EXIT.interrupted : EXIT.done;
    }
    // Somebody thought about it for a while: the servers are looked at again.
    const now = args.yes ? operation : await plan();
    if (now === undefined || (!args.yes && !isSame(now, operation))) {
      throw new InputError('the servers are not as they were when it was shown; nothing was changed', { hint: 'begin again' });
    }
    const { options } = live;
    const totals = await asRun(context, live, false, now, () => perform({ ...options, operation: now, servers }));
    return runExitCode({ totals, interrupted: options.signal.aborted }, false);
  });
}

async function planFor(
  { args, servers }: DbContext,
  members: readonly Member[],
  { options }: Live,
): Promise<Operation | undefined> {
  const { force, host, file } = args;
  if (args.operation === 'backup') return planBackup(host, members);
  if (args.operation === 'restore') return planRestore({ host, file }, await findBackups(servers, options.openSession), members);
  if (args.operation === 'switchover') {
    const limits = { maxLagSeconds: args['max-lag'] ?? MAX_LAG, waitSeconds: args.wait ?? SWITCHOVER_WAIT, force };
    return planSwitchover(args.host ?? '', members, limits);
  }
  const old = formerPrimary(members);
  const witnesses = old === undefined || isRunning(old) ? [] : await witnessesOf(old, servers, members, options.openSession);
  return planFailover(args.host, members, { waitSeconds: args.wait ?? FAILOVER_WAIT, force, witnesses });
}

function isSame(a: Operation, b: Operation): boolean {
  const words = ({ title, stages }: Operation) => [
    title,
    ...stages.flatMap(({ acts }) => acts.map(({ host, id }) => `${host} ${id}`)),
  ];
  return words(a).join('\n') === words(b).join('\n');
}

/** Tells of work as of a run, which is what reporters know. */
async function asRun(
  { prepared, loaded }: DbContext,
  { options: { report, signal } }: Live,
  dryRun: boolean,
  operation: Operation,
  work: () => Totals | Promise<Totals>,
): Promise<Totals> {
  const begin = Date.now();
  const { playbookFile: playbook } = prepared;
  report({ type: 'run-start', dryRun, playbook, inventory: loaded.inventory.file, hosts: hostsOf(operation) });
  const totals = await work();
  report({ type: 'run-end', seconds: (Date.now() - begin) / 1000, totals, interrupted: signal.aborted });
  return totals;
}

async function agreed(operation: Operation, { reporter, interrupt }: Live): Promise<boolean> {
  const answer = await reporter.hold(() => askStep('all database servers', operation.title, []));
  if (answer === 'interrupted') interrupt();
  return answer === 'yes' || answer === 'continue';
}
