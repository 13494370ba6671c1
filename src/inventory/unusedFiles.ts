import { readdirSync, statSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { InputError } from '../model/errors.js';
import { didYouMean, isOneSlip } from '../util/names.js';

/** The names in an inventory, and its file or folder. */
export interface InventoryNames {
  readonly file: string;
  readonly groups: ReadonlyMap<string, unknown>;
  readonly hosts: readonly { readonly name: string }[];
}

/** A file of variables that is nobody's. */
interface UnusedFile {
  readonly path: string;
  readonly kind: 'group' | 'host';
  readonly name: string;
  /** The groups or hosts that there are. */
  readonly known: readonly string[];
}

/**
 * Files in `group_vars/` and `host_vars/` that no group or host of any of these inventories reads: a misspelt name has no
 * other sign. Inventories may share the folder, so they are faults only where all that do are given.
 */
export function unusedFiles(inventories: readonly InventoryNames[]): readonly InputError[] {
  return findUnused(inventories).map(faultOf);
}

/** Of the files that nobody reads, those whose name is one letter away from that of a group or host. */
export function misnamedFiles(inventories: readonly InventoryNames[]): readonly InputError[] {
  return findUnused(inventories)
    .map((file) => ({ ...file, known: file.known.filter((name) => isOneSlip(name, file.name)) }))
    .filter(({ known }) => known.length > 0)
    .map(faultOf);
}

function findUnused(inventories: readonly InventoryNames[]): readonly UnusedFile[] {
  const byBase = new Map<string, InventoryNames[]>();
  for (const inventory of inventories) {
    const base = baseOf(inventory.file);
    byBase.set(base, [...(byBase.get(base) ?? []), inventory]);
  }
  return [...byBase].flatMap(([base, sharing]) => [
    ...unusedIn(join(base, 'group_vars'), 'group', [...new Set(sharing.flatMap(({ groups }) => [...groups.keys()]))]),
    ...unusedIn(join(base, 'host_vars'), 'host', [...new Set(sharing.flatMap(({ hosts }) => hosts.map(({ name }) => name)))]),
  ]);
}

/** The folder that has an inventory's `group_vars`. */
export function baseOf(file: string): string {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true ? file : dirname(file);
}

function unusedIn(folder: string, kind: UnusedFile['kind'], known: readonly string[]): readonly UnusedFile[] {
  return entriesOf(folder).flatMap((entry) => {
    const name = ['.yml', '.yaml', '.json'].includes(extname(entry)) ? entry.slice(0, -extname(entry).length) : entry;
    const isUsed = entry.startsWith('.') || entry.endsWith('~') || known.includes(name) || known.includes(entry);
    return isUsed ? [] : [{ path: join(folder, entry), kind, name, known }];
  });
}

function faultOf({ path, kind, name, known }: UnusedFile): InputError {
  return new InputError(`nothing reads this file: there is no ${kind} "${name}"${didYouMean(name, known)}`, {
    where: { file: path },
    hint: 'rename it, or take it away',
  });
}

function entriesOf(folder: string): readonly string[] {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true ? readdirSync(folder).sort() : [];
}
