import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { must } from '../rig/run.js';
import { copyDir } from './paths.js';

/** What a fresh clone does not have, or has no use for here. */
const LEFT_OUT = ['.git', '.vagrant', '.cache'];

/** Makes the copy of this checkout that `vagrant up` is called in: like a clone that was built already. */
export async function copyCheckout(): Promise<void> {
  await removeCopy();
  await mkdir(copyDir, { recursive: true });
  const entries = (await readdir('.')).filter((name) => !LEFT_OUT.includes(name));
  await must(['cp', '--archive', '--target-directory', copyDir, '--', ...entries.map((name) => `./${name}`)]);
  await rm(join(copyDir, 'inventory/group_vars/vagrant.yml'), { force: true });
}

/** Takes the copy away; no error where it is not. */
export async function removeCopy(): Promise<void> {
  await rm(copyDir, { recursive: true, force: true });
}
