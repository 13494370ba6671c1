import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../model/errors.js';
import { resolveInventoryPath } from '../../inventory/paths.js';

/** Every inventory that `--inventory` names; without it the one of `PROVISION_INVENTORY`, or all files in `inventory/`. */
export function inventoryFiles(
  named: readonly string[],
  cwd: string = process.cwd(),
  env: Readonly<Record<string, string | undefined>> = process.env,
): readonly string[] {
  const fromEnvironment = env['PROVISION_INVENTORY'] ?? '';
  const wanted = named.length > 0 ? named : fromEnvironment === '' ? filesIn(join(cwd, 'inventory')) : [fromEnvironment];
  return wanted.map((name) => resolveInventoryPath(name, cwd));
}

function filesIn(folder: string): readonly string[] {
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => /\.ya?ml$/.test(file))
        .sort()
    : [];
}

/** The inventory's path: `--inventory`, else `PROVISION_INVENTORY`, else the only file in `inventory/`. */
export function inventoryFile(
  option: string | undefined,
  cwd: string = process.cwd(),
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const named = option ?? env['PROVISION_INVENTORY'];
  if (named !== undefined && named !== '') return resolveInventoryPath(named, cwd);
  const files = filesIn(join(cwd, 'inventory'));
  const [only, ...others] = files;
  if (only !== undefined && others.length === 0) return resolveInventoryPath(join('inventory', only), cwd);
  throw new InputError('no inventory was named', {
    hint:
      only === undefined
        ? 'name one with -i FILE, or in PROVISION_INVENTORY'
        : `inventory/ has several: name one, as in "-i ${only}" (${files.join(', ')})`,
  });
}
