import { InputErrors } from '../../model/errors.js';
import { count } from '../../report/text.js';
import { scrub } from '../../util/secret.js';
import { EXIT } from '../exitCodes.js';
import type { Args } from '../input/args.js';
import { inventoryFiles } from '../input/inventoryFile.js';
import { playbookFiles } from '../input/playbookFile.js';
import { validate as check, type Checked, type Validated } from '../validation/validate.js';

/** `provision validate`: says what was checked, or throws all faults. With `--output json` both are one line of JSON. */
export async function validate(args: Args<'validate'>, named: readonly string[]): Promise<number> {
  const start = performance.now();
  const result = await check({
    playbooks: playbookFiles(named),
    inventories: inventoryFiles(args.inventory ?? []),
    withSecrets: args['with-secrets'],
    sources: async () => {
      const [{ vaultSources }, { parseExtraVars }] = await Promise.all([
        import('../input/load.js'),
        import('../../inventory/extraVars.js'),
      ]);
      const vault = vaultSources(args);
      return { vault, extraVars: await parseExtraVars(args['extra-vars'] ?? [], { vault }) };
    },
  });
  const seconds = (performance.now() - start) / 1000;
  if (args.output === 'json') process.stdout.write(`${scrub(json(result, seconds))}\n`);
  else {
    for (const note of result.notes) process.stdout.write(`note: ${note}\n`);
    process.stdout.write(`${summary(result.checked)} in ${seconds.toFixed(1)} s\n`);
    if (result.faults.length > 0) throw new InputErrors(result.faults);
  }
  return result.faults.length > 0 ? EXIT.badInput : EXIT.done;
}

function summary({ playbooks, roles, templates, inventories, hosts }: Checked): string {
  const parts = [
    count(playbooks, 'playbook'),
    count(roles, 'role'),
    count(templates, 'template'),
    count(inventories, 'inventory', 'inventories'),
    count(hosts, 'host'),
  ];
  return `checked ${parts.join(', ')}`;
}

/** For editors and a CI: every fault with its place, lines and columns from 1. */
function json({ faults, notes, checked }: Validated, seconds: number): string {
  return JSON.stringify({
    ok: faults.length === 0,
    checked,
    seconds: Number(seconds.toFixed(3)),
    notes,
    faults: faults.map(({ message, where, hint }) => ({ message, ...where, ...(hint === undefined ? {} : { hint }) })),
  });
}
