import { readdirSync, statSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { InputError, type SourcePosition } from '../model/errors.js';
import { didYouMean, isOneSlip, nearestNames } from '../util/names.js';
import { shownPlace } from './places.js';

/** The names in an inventory, and its file or folder. */
export interface InventoryNames {
  readonly file: string;
  readonly groups: ReadonlyMap<string, unknown>;
  readonly hosts: readonly { readonly name: string; readonly at?: SourcePosition | undefined }[];
  readonly named?: ReadonlyMap<string, { readonly at: SourcePosition }> | undefined;
}

/** A file of variables that is nobody's. */
interface UnusedFile {
  readonly path: string;
  readonly kind: 'group' | 'host';
  readonly name: string;
  /** The groups or hosts that there are, and where they are named. */
  readonly known: ReadonlyMap<string, SourcePosition | undefined>;
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
    .map((file) => ({ ...file, known: new Map([...file.known].filter(([name]) => isOneSlip(name, file.name))) }))
    .filter(({ known }) => known.size > 0)
    .map(faultOf);
}

function findUnused(inventories: readonly InventoryNames[]): readonly UnusedFile[] {
  const byBase = new Map<string, InventoryNames[]>();
  for (const inventory of inventories) {
    const base = baseOf(inventory.file);
    byBase.set(base, [...(byBase.get(base) ?? []), inventory]);
  }
  return [...byBase].flatMap(([base, sharing]) => [
    ...unusedIn(join(base, 'group_vars'), 'group', new Map(sharing.flatMap(groupPlaces))),
    ...unusedIn(
      join(base, 'host_vars'),
      'host',
      new Map(sharing.flatMap(({ hosts }) => hosts.map(({ name, at }) => [name, at]))),
    ),
  ]);
}

function groupPlaces({ groups, named }: InventoryNames): readonly (readonly [string, SourcePosition | undefined])[] {
  return [...groups.keys()].map((name) => [name, named?.get(name)?.at]);
}

/** The folder that has an inventory's `group_vars`. */
export function baseOf(file: string): string {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true ? file : dirname(file);
}

function unusedIn(folder: string, kind: UnusedFile['kind'], known: UnusedFile['known']): readonly UnusedFile[] {
  return entriesOf(folder).flatMap((entry) => {
    const name = ['.yml', '.yaml', '.json'].includes(extname(entry)) ? entry.slice(0, -extname(entry).length) : entry;
    const isUsed = entry.startsWith('.') || entry.endsWith('~') || known.has(name) || known.has(entry);
    return isUsed ? [] : [{ path: join(folder, entry), kind, name, known }];
  });
}

function faultOf({ path, kind, name, known }: UnusedFile): InputError {
  const places = nearestNames(name, known.keys()).flatMap((near) => {
    const at = known.get(near);
    return at?.line === undefined ? [] : [`; or correct the ${kind} "${near}" in ${shownPlace(at)}`];
  });
  return new InputError(`nothing reads this file: there is no ${kind} "${name}"${didYouMean(name, known.keys())}`, {
    where: { file: path },
    hint: `rename it, or take it away${places[0] ?? ''}`,
  });
}

function entriesOf(folder: string): readonly string[] {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true ? readdirSync(folder).sort() : [];
}
