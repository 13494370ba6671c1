import { access, readFile, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { endGroups } from '../rig/cgroup.js';
import { startDaemon } from '../rig/daemon.js';
import type { Say } from '../rig/options.js';
import { must, run } from '../rig/run.js';
import { waitFor } from '../rig/wait.js';
import { hypervisorLog } from './paths.js';

/** The name of the cgroups that our own daemons are in; no rig's name has an underscore. */
const GROUP = '_vagrant';

const virsh = ['virsh', '--connect', 'qemu:///system'] as const;

/** Whether libvirt answers, as on a machine whose user has it running. */
export async function answers(): Promise<boolean> {
  return (await run([...virsh, 'version'], { timeout: 20_000 })).code === 0;
}

/** Starts libvirt where it does not answer: through systemd, or by hand where that does not run this machine. */
export async function startHypervisor(say: Say): Promise<void> {
  if (await answers()) return;
  say('starting libvirt');
  if (await isSystemd()) {
    await must(['systemctl', 'start', 'libvirtd.service']);
  } else {
    await endGroups(GROUP);
    await startDaemon(GROUP, 'virtlogd', ['virtlogd'], hypervisorLog);
    await startDaemon(GROUP, 'libvirtd', ['libvirtd'], hypervisorLog);
  }
  await waitFor('libvirt answers', 30_000, async () => ((await answers()) ? true : undefined));
}

/** Stops libvirt, which did not run before us, with all that it started. */
export async function stopHypervisor(): Promise<void> {
  if (await isSystemd()) {
    await must(['systemctl', 'stop', 'libvirtd.service', 'libvirtd.socket', 'virtlogd.service']);
    return;
  }
  await endGroups(GROUP);
  // Where no systemd keeps order, libvirt leaves the empty groups that its machines' groups were in.
  for (const [, mountPoint = ''] of (await readFile('/proc/self/mounts', 'utf8')).matchAll(/^\S+ (\S+) cgroup2? /gm))
    await rmdir(join(mountPoint, 'machine')).catch(() => undefined);
}

/** The names of libvirt's networks. */
export async function networks(): Promise<string[]> {
  return lines(await must([...virsh, 'net-list', '--all', '--name']));
}

/** The names of libvirt's storage pools. */
export async function pools(): Promise<string[]> {
  return lines(await must([...virsh, 'pool-list', '--all', '--name']));
}

/** Takes a network away, running or not. */
export async function removeNetwork(name: string): Promise<void> {
  await run([...virsh, 'net-destroy', name]);
  await must([...virsh, 'net-undefine', name]);
}

/** Forgets a storage pool; its folder stays. */
export async function removePool(name: string): Promise<void> {
  await run([...virsh, 'pool-destroy', name]);
  await must([...virsh, 'pool-undefine', name]);
}

/** Deletes the copies of a box that vagrant made in the storage pool that machines have their disks in. */
export async function removeBoxVolumes(box: string): Promise<void> {
  const pool = 'default';
  if (!(await pools()).includes(pool)) return;
  const stem = `${box.replaceAll('/', '-VAGRANTSLASH-')}_vagrant_box_image_`;
  const table = await must([...virsh, 'vol-list', pool]);
  for (const [name] of table.matchAll(/\S+(?=\s+\/)/g)) {
    if (name.startsWith(stem)) await must([...virsh, 'vol-delete', '--pool', pool, name]);
  }
}

function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim()) // some lists are padded
    .filter((line) => line !== '');
}

async function isSystemd(): Promise<boolean> {
  return await access('/run/systemd/system').then(
    () => true,
    () => false,
  );
}
