import type { RunEvent } from '../../model/event.js';
import { PlanRefusedError } from '../../model/errors.js';
import type { SavedPlan } from '../../model/savedPlan.js';
import { applyPlan } from '../../engine/savedPlan/apply.js';
import { readPlan } from '../../engine/savedPlan/file.js';
import { compareParity, isTrue } from '../../report/parity.js';
import { parityLines } from '../../report/parityText.js';
import { EXIT, runExitCode } from '../exitCodes.js';
import type { Args } from '../input/args.js';
import { load } from '../input/load.js';
import { playbookFiles } from '../input/playbookFile.js';
import { prepare } from '../input/prepare.js';
import { withLive } from './live.js';
import { inventoryDigest } from './planFile.js';

/** `provision apply`: does what a plan says. Gives the exit code: 5 where a host, or all of it, was refused. */
export async function apply(args: Args<'apply'> & { readonly file: string }): Promise<number> {
  const plan = readPlan(args.file);
  const { tags, skipTags, startAtTask, hosts } = plan.selection;
  const loaded = await load({ ...args, inventory: args.inventory ?? plan.inventory.file });
  const [file = ''] = playbookFiles([plan.playbook.file]);
  const prepared = await prepare(file, loaded, { tags, 'skip-tags': skipTags, 'start-at-task': startAtTask });
  requireInventory(plan, inventoryDigest(prepared, loaded), args.file);
  const events: RunEvent[] = [];
  const outcome = await withLive(args, loaded, ({ options }) =>
    applyPlan(
      {
        ...prepared,
        ...options,
        selected: hosts,
        dryRun: false,
        report: (event) => {
          events.push(event);
          options.report(event);
        },
      },
      plan,
    ),
  );
  const told = args.report === 'parity' ? report(plan, events, outcome.refused) : true;
  if (outcome.interrupted) return EXIT.interrupted;
  if (outcome.refused.length > 0) return EXIT.refused;
  const code = runExitCode(outcome, args['detailed-exitcode']);
  return told || (code !== EXIT.done && code !== EXIT.changes) ? code : EXIT.failed;
}

function requireInventory(plan: SavedPlan, digest: string, file: string): void {
  if (plan.inventory.digest === digest) return;
  throw new PlanRefusedError(
    `the plan was made for ${plan.inventory.file} as it was at ${plan.created}; this inventory has other hosts, addresses, groups or variables`,
    { where: { file }, hint: 'give the inventory and the --extra-vars that it was made with, or make a new plan' },
  );
}

/** Whether the plan told the truth of the hosts that it was applied to, after saying so. */
function report(plan: SavedPlan, events: readonly RunEvent[], refused: readonly string[]): boolean {
  const applied = (event: RunEvent) => event.type !== 'task' || !refused.includes(event.host);
  const parity = compareParity(plan.events.filter(applied), events.filter(applied));
  process.stdout.write(`${parityLines(parity).join('\n')}\n`);
  return isTrue(parity);
}
