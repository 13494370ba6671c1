import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { TreeItem } from '../../facts/tree.js';
import { InputError } from '../../model/errors.js';
import type { Glob } from '../../util/glob.js';
import { matchesGlob } from '../../util/glob.js';
import { fileHashes } from '../../util/fileHashes.js';

/** An item of a folder on the controller, as it is to be on a host. */
export interface LocalItem extends TreeItem {
  /** Of a file. */
  readonly localFile?: string | undefined;
  /** Of a file, in bytes. */
  readonly size?: number | undefined;
}

/** What a tree's items get on the host, since those of the controller's folder say little. */
export interface TreeModes {
  readonly owner: string;
  readonly group: string;
  /** Of a file; one that its owner may execute here gets the execute bits beside its read bits. */
  readonly fileMode: string;
  readonly dirMode: string;
}

/** Readings that are going on: hosts that ask meanwhile share them. */
const underWay = new Map<string, Promise<readonly LocalItem[]>>();

/** Reads a folder: all that is in it, dot files too, links as links, files with their hashes. Sorted by path. */
export function readLocalTree(root: string, exclude: readonly Glob[], modes: TreeModes): Promise<readonly LocalItem[]> {
  const { owner, group, fileMode, dirMode } = modes;
  const key = JSON.stringify([root, exclude, owner, group, fileMode, dirMode]);
  const reading = underWay.get(key) ?? read(root, exclude, modes);
  underWay.set(key, reading);
  const over = () => underWay.delete(key);
  reading.then(over, over);
  return reading;
}

async function read(root: string, exclude: readonly Glob[], modes: TreeModes): Promise<readonly LocalItem[]> {
  if (!lstatSync(root).isDirectory())
    throw new InputError(`${root} is not a folder`, { hint: 'for one file use file or template' });
  const hashes = fileHashes(root);
  const common = { owner: modes.owner, group: modes.group };
  const pending: Promise<LocalItem>[] = [];
  const walk = (local: string, path: string): void => {
    // One look a file: of a thousand of them, each more takes hundredths of a second.
    const stat = lstatSync(local, { bigint: true });
    if (stat.isDirectory()) {
      pending.push(Promise.resolve({ path, type: 'directory', mode: modes.dirMode, ...common }));
      for (const name of readdirSync(local).sort()) {
        const below = path === '' ? name : `${path}/${name}`;
        if (name.includes('\x01')) throw new InputError(`${join(local, name)}: a name with a control character cannot be copied`);
        if (!exclude.some((glob) => matchesGlob(glob, below))) walk(`${local}/${name}`, below);
      }
    } else if (stat.isSymbolicLink()) {
      pending.push(Promise.resolve({ path, type: 'link', mode: '0777', target: readlinkSync(local), ...common }));
    } else if (stat.isFile()) {
      const mode = (stat.mode & 0o100n) === 0n ? modes.fileMode : executable(modes.fileMode);
      const size = Number(stat.size);
      pending.push(
        hashes.of(local, path, stat).then((hash) => ({ path, type: 'file', mode, hash, localFile: local, size, ...common })),
      );
    } else {
      throw new InputError(`${local} is neither file, folder nor link`, { hint: 'exclude it' });
    }
  };
  walk(resolve(root), '');
  const items = await Promise.all(pending);
  hashes.keep();
  return items;
}

/** `0640` becomes `0750`: who may read may execute. */
function executable(mode: string): string {
  const bits = Number.parseInt(mode, 8);
  return (bits | ((bits & 0o444) >> 2)).toString(8).padStart(4, '0');
}
