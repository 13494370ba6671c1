import { mkdir, readdir, readFile, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { waitFor } from './wait.js';

const PARENT = 'provision-rig';

/**
 * The hierarchies in which a container needs a group of its own: systemd's named one and the unified one, where they
 * are mounted. Two containers in one group would stop each other's units of equal name.
 */
async function hierarchies(): Promise<string[]> {
  const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n').map((line) => line.split(' '));
  const wanted = mounts.filter(
    ([, , type, options]) => type === 'cgroup2' || (type === 'cgroup' && options?.split(',').includes('name=systemd')),
  );
  if (wanted.length === 0)
    throw new Error('no cgroup file system is mounted on this machine; container hosts need one (cgroup2 at /sys/fs/cgroup)');
  return wanted.flatMap(([, mountPoint]) => (mountPoint === undefined ? [] : [mountPoint]));
}

/** Makes the groups of one member of a rig (a host, its proxy); gives their folders. */
export async function makeGroups(rig: string, member: string): Promise<string[]> {
  const folders = (await hierarchies()).map((mountPoint) => join(mountPoint, PARENT, rig, member));
  for (const folder of folders) await mkdir(folder, { recursive: true });
  return folders;
}

/** The processes of one member of a rig, or of the whole rig. This needs no pid file and meets no recycled pid. */
export async function processesOf(rig: string, member = ''): Promise<number[]> {
  const pids = new Set<number>();
  for (const mountPoint of await hierarchies()) {
    for (const folder of await tree(join(mountPoint, PARENT, rig, member))) {
      const text = await readFile(join(folder, 'cgroup.procs'), 'utf8').catch(() => '');
      for (const line of text.split('\n')) if (line !== '' && line !== '0') pids.add(Number(line));
    }
  }
  return [...pids];
}

/** Kills the processes of one member of a rig, or of all, and removes its groups. Does nothing where there are none. */
export async function endGroups(rig: string, member = ''): Promise<void> {
  await waitFor(`all processes of ${rig} ${member} have ended`, 60_000, async () => {
    const pids = await processesOf(rig, member);
    for (const pid of pids) kill(pid);
    return pids.length === 0 ? true : undefined;
  });
  for (const mountPoint of await hierarchies()) {
    const folders = await tree(join(mountPoint, PARENT, rig, member));
    for (const folder of folders.reverse()) await waitFor(`${folder} is free`, 5000, async () => await removed(folder));
    // The last member takes the rig's group along, the last rig the parent.
    for (const parent of [join(mountPoint, PARENT, rig), join(mountPoint, PARENT)]) await rmdir(parent).catch(() => undefined);
  }
}

/** Ends a process at once; no error where it has ended. */
export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it ended meanwhile
  }
}

/** A folder and all below it, parents first; nothing where it is not there. */
async function tree(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return [];
  const below = await Promise.all(
    entries.filter((entry) => entry.isDirectory()).map(async (entry) => await tree(join(folder, entry.name))),
  );
  return [folder, ...below.flat()];
}

/** A group stays busy for a moment after its last process has ended. */
async function removed(folder: string): Promise<true | undefined> {
  try {
    await rmdir(folder);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return true;
    if (code === 'EBUSY') return undefined;
    throw error;
  }
}
