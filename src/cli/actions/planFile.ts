import { isAbsolute, relative } from 'node:path';
import { digestOf } from '../../util/digest.js';
import type { Loaded } from '../input/load.js';
import type { Prepared } from '../input/prepare.js';
import { packageVersion } from '../version.js';

/** The tool's name and version as a plan tells it. */
export function toolName(): string {
  return `provision ${packageVersion()}`;
}

/** A path as a plan keeps it: relative to the working folder where it lies below, so that another checkout can apply it. */
export function shortPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') || isAbsolute(short) ? path : short;
}

/**
 * What makes an inventory the one that a plan was made for: its hosts, where they are, their groups and variables.
 * A secret counts by its name: two inventories that differ in passwords only are one.
 */
export function inventoryDigest({ hosts }: Pick<Prepared, 'hosts'>, { connections }: Loaded): string {
  const places = hosts.map(({ name }) => {
    const connection = connections.get(name);
    return [name, connection?.type, connection?.address, connection?.port ?? 22];
  });
  return digestOf({ hosts, places });
}
