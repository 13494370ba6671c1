import { readdir } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { InputError, InputErrors } from '../model/errors.js';
import type { Inventory } from '../model/inventory.js';
import { Faults } from './faults.js';
import { emptyDefinitions } from './groups.js';
import { readGroups } from './parseGroups.js';
import { readInventoryFile } from './readFile.js';
import { baseOf, misnamedFiles, type InventoryNames } from './unusedFiles.js';

/**
 * Refuses files in `group_vars/` and `host_vars/` that are nobody's and whose name is one letter away from a group's or
 * host's. A file may be meant for another inventory in the same folder: those are read for their names, and where one
 * cannot be read, nothing is refused. Throws InputErrors.
 */
export async function refuseMisnamedFiles(inventory: Inventory): Promise<void> {
  if (misnamedFiles([inventory]).length === 0) return;
  const others = await neighboursOf(inventory);
  if (others === undefined) return;
  const faults = misnamedFiles([inventory, ...others]);
  if (faults.length > 0) throw new InputErrors(faults);
}

/** The names in the other inventory files of the folder; undefined where one of them cannot be read. */
async function neighboursOf({ file }: Inventory): Promise<readonly InventoryNames[] | undefined> {
  const base = baseOf(file);
  if (base === file) return [];
  const entries = await readdir(base, { withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && ['.yml', '.yaml'].includes(extname(entry.name)))
    .map(({ name }) => join(base, name))
    .filter((path) => resolve(path) !== resolve(file));
  try {
    const names: InventoryNames[] = [];
    for (const path of files) names.push(await namesIn(path));
    return names;
  } catch (error) {
    if (error instanceof InputError || error instanceof InputErrors) return undefined;
    throw error;
  }
}

async function namesIn(file: string): Promise<InventoryNames> {
  const faults = new Faults();
  const definitions = emptyDefinitions(file);
  readGroups(await readInventoryFile(file, []), definitions, faults);
  faults.throwIfAny();
  return { file, groups: definitions.groups, hosts: [...definitions.hosts.values()] };
}
