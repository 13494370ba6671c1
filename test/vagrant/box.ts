import { access, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { endGroups } from '../rig/cgroup.js';
import { inGroups } from '../rig/daemon.js';
import { upstreamOf } from '../rig/image.js';
import { withLock } from '../rig/lock.js';
import { machineApt, type MachineApt } from '../rig/machineApt.js';
import { unmountBelow } from '../rig/mounts.js';
import type { Say } from '../rig/options.js';
import { aptCacheDir } from '../rig/paths.js';
import { startProxy } from '../rig/proxy.js';
import { must } from '../rig/run.js';
import { boxRecipe, diskGigabytes, machineSettings, type BoxRecipe } from './boxRecipe.js';
import { installedKernel, type Kernel } from './kernel.js';
import { boxesDir } from './paths.js';

/** A box that vagrant can add, and the kernel that its machines are started with. */
export interface Box {
  /** Changes with everything that the box depends on. */
  readonly key: string;
  /** A tar.gz as `vagrant box add` takes it; its Vagrantfile starts the kernel that `installKernel` puts in place. */
  readonly file: string;
  readonly kernel: Kernel;
}

/** The cgroups of a build; no rig's name has an underscore. */
const BUILDER = ['_boxes', 'build'] as const;

const BEING_BUILT = '.new-';

/**
 * The box of the local machines, built first where it is not there: about two minutes. Half-built ones are never taken.
 * @param say tells the user what takes long
 */
export async function localBox(say: Say): Promise<Box> {
  const apt = await machineApt();
  const recipe = boxRecipe(apt);
  const folder = join(boxesDir, recipe.key);
  await withLock(`${boxesDir}.lock`, async () => {
    if (!(await exists(folder))) await build(recipe, apt, folder, say);
  });
  const kernel = { kernel: join(folder, 'vmlinuz'), initrd: join(folder, 'initrd') };
  return { key: recipe.key, file: join(folder, 'debian.box'), kernel };
}

async function build(recipe: BoxRecipe, apt: MachineApt, folder: string, say: Say): Promise<void> {
  await mkdir(boxesDir, { recursive: true, mode: 0o700 });
  await removeRemains();
  const started = Date.now();
  say('building the box (once; about two minutes)');
  const work = await mkdtemp(join(boxesDir, BEING_BUILT));
  const root = join(work, 'root');
  const made = join(work, 'made');
  await mkdir(made);
  await makeRoot(recipe, apt, root);
  await must(['cp', '--dereference', join(root, 'vmlinuz'), join(made, 'vmlinuz')]);
  await must(['cp', '--dereference', join(root, 'initrd.img'), join(made, 'initrd')]);
  say('packing the box');
  const raw = join(work, 'disk.raw');
  await must(['mke2fs', '-q', '-t', 'ext4', '-d', root, raw, `${diskGigabytes}G`]);
  await must(['qemu-img', 'convert', '-O', 'qcow2', raw, join(work, 'box.img')]);
  const metadata = { provider: 'libvirt', format: 'qcow2', virtual_size: diskGigabytes };
  await writeFile(join(work, 'metadata.json'), JSON.stringify(metadata));
  await writeFile(join(work, 'Vagrantfile'), boxVagrantfile(recipe.key));
  const parts = ['metadata.json', 'Vagrantfile', 'box.img'];
  await must(['tar', '-C', work, '--use-compress-program=gzip -1', '-cf', join(made, 'debian.box'), ...parts]);
  await rename(made, folder);
  await rm(work, { recursive: true });
  say(`built the box in ${Math.round((Date.now() - started) / 1000)} s`);
}

async function makeRoot(recipe: BoxRecipe, apt: MachineApt, root: string): Promise<void> {
  const proxy = await startProxy({ folder: aptCacheDir, address: '127.0.0.1', port: 0, upstream: upstreamOf(apt) });
  try {
    const { port } = proxy.address() as AddressInfo;
    const proxyOption = `--aptopt=Acquire::http::Proxy "http://127.0.0.1:${port}"`;
    const env = { http_proxy: '', HTTP_PROXY: '', LC_ALL: 'C.UTF-8', VAGRANT_PUBLIC_KEY_FILE: await publicKeyFile() };
    const argv = ['mmdebstrap', ...recipe.args, proxyOption, 'bookworm', root, ...recipe.sources];
    await must(await inGroups(...BUILDER, argv), { env });
  } finally {
    await endGroups(...BUILDER);
    proxy.close();
    proxy.closeAllConnections();
  }
}

/** The public half of the key that a box lets in; it is part of vagrant. */
async function publicKeyFile(): Promise<string> {
  const files = (await must(['dpkg', '--listfiles', 'vagrant'])).split('\n');
  const file = files.find((each) => each.endsWith('/keys/vagrant.pub'));
  if (file === undefined) throw new Error('the Debian package vagrant has no keys/vagrant.pub');
  return file;
}

/** What holds for every machine of the box. A disk without a boot loader is all that mke2fs makes without being mounted. */
function boxVagrantfile(key: string): string {
  const { kernel, initrd } = installedKernel(key);
  return `Vagrant.configure('2') do |config|
  config.vm.provider :libvirt do |libvirt|
    libvirt.kernel = '${kernel}'
    libvirt.initrd = '${initrd}'
    ${machineSettings}
  end
end
`;
}

/** Ends and removes what a build that did not end has left. The lock says that none is under way. */
async function removeRemains(): Promise<void> {
  await endGroups(...BUILDER);
  await unmountBelow(boxesDir);
  for (const name of await readdir(boxesDir)) {
    if (name.startsWith(BEING_BUILT)) await rm(join(boxesDir, name), { recursive: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
