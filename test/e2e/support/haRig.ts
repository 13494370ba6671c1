import { expect } from 'chai';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { testRigPrefix } from '../../rig/paths.js';
import { openRig, startRig, type Rig } from '../../rig/rig.js';
import type { Flavour } from '../../rig/state.js';
import { faultsOf, provision, type Provisioned } from './provision.js';

/**
 * Five bare hosts: two load balancers, two web servers, one that watches. `RIG_OPEN` names a rig that is up already, which is
 * taken as it is and left so: for working on a test. Files that run side by side need names of their own.
 */
export async function haRig({ name = 'ha', flavour = 'mariadb' }: { name?: string; flavour?: Flavour } = {}): Promise<Rig> {
  const open = process.env['RIG_OPEN'];
  return open === undefined ? startRig({ name: `${testRigPrefix()}${name}`, topology: 'ha', flavour }) : openRig(open);
}

/** Takes a rig of `haRig` down. */
export async function stopHaRig(rig: Rig | undefined): Promise<void> {
  if (process.env['RIG_OPEN'] === undefined && process.env['RIG_KEEP'] === undefined) await rig?.stop();
}

/** Runs the site's playbook on a rig, and fails the test where it does not end well. */
export async function converge(rig: Rig, ...args: string[]): Promise<Provisioned> {
  const result = await provision(rig, ...args);
  expect(result.code, faultsOf(result)).to.equal(0);
  return result;
}

/** Writes a file of variables of a group beside a rig's inventory; without variables it takes it away. */
export function groupVars(rig: Rig, group: string, vars?: Readonly<Record<string, unknown>>): void {
  const file = join(dirname(rig.inventoryFile), 'group_vars', `${group}.yml`);
  mkdirSync(dirname(file), { recursive: true });
  if (vars === undefined) rmSync(file, { force: true });
  else writeFileSync(file, JSON.stringify(vars));
}
