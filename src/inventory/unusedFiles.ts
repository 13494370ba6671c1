import { readdirSync, statSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { InputError } from '../model/errors.js';
import type { Inventory } from '../model/inventory.js';
import { didYouMean } from '../util/names.js';

/**
 * Files in `group_vars/` and `host_vars/` that no group or host of any of these inventories reads: a misspelt name has no
 * other sign. Inventories may share the folder, so they are faults only where all that do are given.
 */
export function unusedFiles(inventories: readonly Inventory[]): readonly InputError[] {
  const byBase = new Map<string, Inventory[]>();
  for (const inventory of inventories) byBase.set(baseOf(inventory), [...(byBase.get(baseOf(inventory)) ?? []), inventory]);
  return [...byBase].flatMap(([base, sharing]) => [
    ...faultsIn(join(base, 'group_vars'), 'group', [...new Set(sharing.flatMap(({ groups }) => [...groups.keys()]))]),
    ...faultsIn(join(base, 'host_vars'), 'host', [...new Set(sharing.flatMap(({ hosts }) => hosts.map(({ name }) => name)))]),
  ]);
}

function baseOf({ file }: Inventory): string {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true ? file : dirname(file);
}

function faultsIn(folder: string, kind: string, names: readonly string[]): readonly InputError[] {
  return entriesOf(folder).flatMap((entry) => {
    const name = ['.yml', '.yaml', '.json'].includes(extname(entry)) ? entry.slice(0, -extname(entry).length) : entry;
    if (entry.startsWith('.') || entry.endsWith('~') || names.includes(name) || names.includes(entry)) return [];
    return [
      new InputError(`nothing reads this file: there is no ${kind} "${name}"${didYouMean(name, names)}`, {
        where: { file: join(folder, entry) },
        hint: `rename it, or take it away`,
      }),
    ];
  });
}

function entriesOf(folder: string): readonly string[] {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true ? readdirSync(folder).sort() : [];
}
