import { PlanRefusedError, TaskError, type ProvisionError } from '../../model/errors.js';
import type { SavedPlan, SavedTask } from '../../model/savedPlan.js';
import { faultReport } from '../faults.js';
import { run, type RunOptions, type RunOutcome } from '../run.js';
import { comparePlans, type PlanDifference } from './compare.js';
import { digestOf } from '../../util/digest.js';
import { recordPlan, savedTask } from './record.js';
import { describeReads, describeTasks } from './words.js';

export interface AppliedPlan extends RunOutcome {
  /** Hosts that were left alone because they are not as they were when the plan was made. */
  readonly refused: readonly string[];
}

/**
 * Does what a plan says, and nothing else. All hosts are read and planned anew first: a host that is not as it was is
 * refused before anything is written to it; code that plans otherwise refuses the whole plan (PlanRefusedError). While
 * it runs, each task must be what was planned.
 */
export async function applyPlan(options: RunOptions, plan: SavedPlan): Promise<AppliedPlan> {
  const quiet = await recordPlan({ ...options, report: () => undefined });
  const now = quiet.hosts;
  const differences = new Map(
    Object.entries(plan.hosts).flatMap(([host, then]) => {
      const today = now[host];
      return today === undefined ? [] : [[host, comparePlans(then, today)] as const];
    }),
  );
  throwWhenCodeDiffers(differences);
  const refused = [...differences].filter(([, { reads }]) => reads.length > 0);
  const refusals = new Map(refused.map(([host, difference]) => [host, faultReport(refusal(host, difference), options.verbose)]));
  const outcome = await run({
    ...options,
    dryRun: false,
    refused: refusals,
    watch: { ...options.watch, review: ({ host, play }, item) => review(plan, host, savedTask(play, item)) },
  });
  return { ...outcome, refused: [...refusals.keys()] };
}

function throwWhenCodeDiffers(differences: ReadonlyMap<string, PlanDifference>): void {
  const changed = [...differences].flatMap(([host, { reads, tasks }]) =>
    reads.length === 0 && tasks.length > 0 ? [{ host, tasks }] : [],
  );
  const [first] = changed;
  if (first === undefined) return;
  throw new PlanRefusedError(
    `the playbook, its templates or its variables have changed since the plan was made, or something grew too old:\n${changed
      .map(({ host, tasks }) => `${host}: ${describeTasks(tasks)}`)
      .join('\n')}`,
    { hint: 'make a new plan, look at it, and apply that' },
  );
}

function refusal(host: string, { reads, tasks }: PlanDifference): ProvisionError {
  const consequences = tasks.length === 0 ? 'the same tasks would run, on another base' : describeTasks(tasks);
  return new PlanRefusedError(
    `${host} is not as it was when the plan was made, so nothing is done on it\ndifferent now: ${describeReads(host, reads)}\n${consequences}`,
    { hint: `look at it with: provision --check --diff --limit ${host}, then make a new plan` },
  );
}

/** What an apply is about to do must be what was planned; what was known after apply is planned by the apply. */
function review(plan: SavedPlan, host: string, now: SavedTask): ProvisionError | undefined {
  const then = plan.hosts[host]?.tasks.find(({ play, id }) => play === now.play && id === now.id);
  if (then?.status === 'unknown') return undefined;
  const announced = then?.changes ?? [];
  if (digestOf(shownOf(announced)) === digestOf(shownOf(now.changes))) return undefined;
  return new TaskError(`not in the plan: ${describeTasks([{ id: now.id, then, now }])}`, {
    hint: 'the host was changed meanwhile, or an earlier change had another effect than it foretold: make a new plan',
  });
}

function shownOf(changes: SavedTask['changes']): unknown {
  return changes.map(({ summary, diff, parts }) => ({ summary, diff, parts }));
}
