import { readdirSync, statSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import type { Inventory } from '../model/inventory.js';
import { nearest } from '../util/names.js';

/**
 * Files in `group_vars/` and `host_vars/` that no group or host of the inventory reads, as sentences: a misspelt name
 * has no other sign. They are no faults, because several inventories may share the folder.
 */
export function unusedFiles(inventory: Inventory): readonly string[] {
  const isFolder = statSync(inventory.file, { throwIfNoEntry: false })?.isDirectory() === true;
  const base = isFolder ? inventory.file : dirname(inventory.file);
  const hosts = inventory.hosts.map((host) => host.name);
  return [
    ...notesOn(join(base, 'group_vars'), 'group', [...inventory.groups.keys()]),
    ...notesOn(join(base, 'host_vars'), 'host', hosts),
  ];
}

function notesOn(folder: string, kind: string, names: readonly string[]): readonly string[] {
  return entriesOf(folder).flatMap((entry) => {
    const name = ['.yml', '.yaml', '.json'].includes(extname(entry)) ? entry.slice(0, -extname(entry).length) : entry;
    if (entry.startsWith('.') || entry.endsWith('~') || names.includes(name) || names.includes(entry)) return [];
    const near = nearest(name, names);
    return [
      `${join(folder, entry)} is not read: there is no ${kind} "${name}"${near === undefined ? '' : ` (there is "${near}")`}`,
    ];
  });
}

function entriesOf(folder: string): readonly string[] {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true ? readdirSync(folder).sort() : [];
}
