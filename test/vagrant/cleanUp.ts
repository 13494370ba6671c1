import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { forwardingOff } from '../rig/network.js';
import type { Say } from '../rig/options.js';
import { must } from '../rig/run.js';
import { forget, nftTables, type Before } from './before.js';
import { boxName } from './boxRecipe.js';
import { removeCopy } from './copy.js';
import { networks, pools, removeBoxVolumes, removeNetwork, removePool, startHypervisor, stopHypervisor } from './hypervisor.js';
import { removeKernel } from './kernel.js';
import { copyDir, vagrantHome } from './paths.js';
import { vagrant } from './vagrant.js';

/** Who asks for forwarding; no rig's name has an underscore. */
export const FORWARDING_USER = '_vagrant';

/** The networks that the Vagrantfile's machines make libvirt define. */
const OURS = /^(vagrant-libvirt|site\d*)$/;

/** Tables that libvirt puts its rules for networks into. */
const LIBVIRT_TABLES = /^(ip|ip6) (filter|nat|mangle)$/;

/**
 * Puts the machine back to what it was like before a run: no virtual machine, network, volume, daemon or firewall rule
 * of it is left. The built box stays. Does as much as it can, and throws what went wrong on the way at its end.
 */
export async function cleanUp(before: Before, say: Say): Promise<void> {
  say('taking everything down');
  const errors: unknown[] = [];
  const attempt = async (step: () => Promise<unknown>): Promise<void> => {
    try {
      await step();
    } catch (error) {
      errors.push(error);
    }
  };
  await attempt(() => startHypervisor(say)); // a run whose machine went down has left domains behind, but no daemon
  if (await exists(join(copyDir, '.vagrant'))) await attempt(() => vagrant(['destroy', '--force'], undefined, 10));
  await attempt(async () => {
    const added = before.networks === undefined ? [] : without(before.networks, await networks());
    for (const name of added.filter((each) => OURS.test(each))) await removeNetwork(name);
  });
  await attempt(() => removeBoxVolumes(boxName));
  await attempt(async () => {
    const added = before.pools === undefined ? [] : without(before.pools, await pools());
    if (added.includes('default')) await removePool('default');
  });
  if (!before.hypervisor) {
    await attempt(stopHypervisor);
    await attempt(async () => {
      const added = without(before.tables, await nftTables());
      for (const name of added.filter((each) => LIBVIRT_TABLES.test(each)))
        await must(['nft', 'delete', 'table', ...name.split(' ')]);
    });
  }
  await attempt(() => removeKernel(before.boxKey));
  await attempt(() => forwardingOff(FORWARDING_USER));
  await attempt(removeCopy);
  await attempt(() => rm(vagrantHome, { recursive: true, force: true }));
  if (errors.length > 0) throw new AggregateError(errors, errors.map(messageOf).join('\n'));
  await forget();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function without(before: readonly string[], now: readonly string[]): string[] {
  return now.filter((name) => !before.includes(name));
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
