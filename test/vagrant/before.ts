import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { must } from '../rig/run.js';
import { answers, networks, pools } from './hypervisor.js';
import { stateFile } from './paths.js';

/** What this machine was like before a run: all that goes beyond it is the run's own, and goes away at its end. */
const before = z.object({
  hypervisor: z.boolean(),
  tables: z.array(z.string()),
  /** Undefined until the hypervisor has been asked; none of the run's are there before that. */
  networks: z.array(z.string()).optional(),
  pools: z.array(z.string()).optional(),
  /** The box whose kernel is put in place. */
  boxKey: z.string(),
});

/** What this machine was like before a run. */
export type Before = z.output<typeof before>;

/** What a run that did not end has left word of; undefined where there is none. */
export async function leftBefore(): Promise<Before | undefined> {
  const text = await readFile(stateFile, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : before.parse(JSON.parse(text));
}

/** Whether libvirt runs, and the nft tables, before anything is started. */
export async function machineBefore(): Promise<Pick<Before, 'hypervisor' | 'tables'>> {
  return { hypervisor: await answers(), tables: await nftTables() };
}

/** What libvirt knows of, once it runs. */
export async function hypervisorBefore(): Promise<Pick<Before, 'networks' | 'pools'>> {
  return { networks: await networks(), pools: await pools() };
}

/** Leaves word for a later run, in case this one does not end. */
export async function keep(state: Before): Promise<void> {
  await writeFile(`${stateFile}.new`, JSON.stringify(state));
  await rename(`${stateFile}.new`, stateFile);
}

/** Everything is as it was. */
export async function forget(): Promise<void> {
  await rm(stateFile, { force: true });
}

/** The names of the nft tables there are, as `ip filter`. */
export async function nftTables(): Promise<string[]> {
  const text = await must(['nft', 'list', 'tables']);
  return [...text.matchAll(/^table (\S+ \S+)$/gm)].flatMap(([, name]) => (name === undefined ? [] : [name]));
}
