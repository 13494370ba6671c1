import { mkdir, readFile, statfs } from 'node:fs/promises';
import { must } from './run.js';

/** Mounts a writable folder over read-only ones. `lower` is given top first. */
export async function mountOverlay(target: string, lower: readonly string[], upper: string, work: string): Promise<void> {
  for (const folder of [target, upper, work]) await mkdir(folder, { recursive: true });
  const options = `lowerdir=${lower.join(':')},upperdir=${upper},workdir=${work}`;
  await must(['mount', '-t', 'overlay', 'overlay', '-o', options, target]);
}

const OVERLAYFS = 0x794c7630;

/** Makes sure that a folder can hold upper directories: on overlayfs (the root of a container, say) it gets a tmpfs. */
export async function writableLayers(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await statfs(folder)).type === OVERLAYFS) await must(['mount', '-t', 'tmpfs', '-o', 'mode=0700', 'tmpfs', folder]);
}

/** Everything mounted at a folder or below it, as the kernel lists it. */
export async function mountsBelow(folder: string): Promise<string[]> {
  const lines = (await readFile('/proc/self/mountinfo', 'utf8')).split('\n');
  const points = lines.map((line) =>
    (line.split(' ')[4] ?? '').replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))),
  );
  return points.filter((point) => point === folder || point.startsWith(`${folder}/`));
}

/** Unmounts everything at a folder or below it. */
export async function unmountBelow(folder: string): Promise<void> {
  for (const point of (await mountsBelow(folder)).reverse()) await must(['umount', point]);
}
