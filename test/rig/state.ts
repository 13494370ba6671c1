import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir, rigDir } from './paths.js';
import type { Base } from './recipe.js';
import type { Topology } from './topology.js';

/** The database that the hosts are meant for. */
export type Flavour = 'mysql' | 'mariadb';

/** What a rig was asked to be. Kept in its folder from before the first step of `up` until `down` is through. */
export interface RigState {
  readonly name: string;
  readonly topology: Topology;
  readonly base: Base;
  readonly flavour: Flavour;
  /** The first three numbers of its /24, such as `10.79.0`. */
  readonly subnet: string;
  /** The base image's folder. */
  readonly image: string;
  readonly inventoryFile: string;
  readonly hosts: readonly { readonly name: string; readonly address: string; readonly groups: readonly string[] }[];
}

const fileOf = (rig: string): string => join(rigDir(rig), 'state.json');

/** A rig's state, or undefined where there is no such rig. */
export async function readState(rig: string): Promise<RigState | undefined> {
  const text = await readFile(fileOf(rig), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as RigState);
}

/** Keeps a rig's state. */
export async function writeState(state: RigState): Promise<void> {
  const file = fileOf(state.name);
  await mkdir(rigDir(state.name), { recursive: true });
  await writeFile(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`);
  await rename(`${file}.new`, file);
}

/** The names of all rigs that left something here. */
export async function rigNames(): Promise<string[]> {
  return await readdir(join(cacheDir, 'rigs')).catch(() => []);
}

/** The folder of all hosts of a rig. */
export function hostsDir(rig: string): string {
  return join(rigDir(rig), 'hosts');
}

/** The folder of a host of a rig. */
export function hostDir(rig: string, host: string): string {
  return join(hostsDir(rig), host);
}
