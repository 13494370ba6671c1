import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { must } from '../rig/run.js';

/** A kernel and what it unpacks first. */
export interface Kernel {
  readonly kernel: string;
  readonly initrd: string;
}

/** Where the hypervisor finds a box's kernel: its own user cannot read our cache. */
export function installedKernel(key: string): Kernel {
  const stem = `/var/lib/libvirt/images/provision-box-${key}`;
  return { kernel: `${stem}.vmlinuz`, initrd: `${stem}.initrd` };
}

/** Puts a box's kernel where its Vagrantfile says. */
export async function installKernel(key: string, from: Kernel): Promise<void> {
  const to = installedKernel(key);
  await mkdir(dirname(to.kernel), { recursive: true });
  await must(['install', '-m', '0644', from.kernel, to.kernel]);
  await must(['install', '-m', '0644', from.initrd, to.initrd]);
}

/** Takes away what `installKernel` put there; no error where it is not. */
export async function removeKernel(key: string): Promise<void> {
  const { kernel, initrd } = installedKernel(key);
  for (const file of [kernel, initrd]) await rm(file, { force: true });
}
