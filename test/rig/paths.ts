import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Everything that outlives a rig (images, downloaded packages) and the rigs' own files. Outside the checkout. */
export const cacheDir = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'provision-rig');

/** Unpacked base images, one folder a recipe. */
export const imagesDir = join(cacheDir, 'images');

/** Files that the hosts' apt has downloaded, by URL. */
export const aptCacheDir = join(cacheDir, 'apt');

/** The folder of one rig: its key, its hosts' files, its logs. */
export function rigDir(rig: string): string {
  return join(cacheDir, 'rigs', rig);
}

/** Facts about the running machine, gone when it restarts. */
export const runDir = '/run/provision-rig';

/** A short id of a rig, for names that the kernel limits to 15 characters. */
export function shortId(rig: string): string {
  return createHash('sha256').update(rig).digest('hex').slice(0, 5);
}

/** What the names of this checkout's test rigs begin with: two checkouts can be tested on one machine at once. */
export function testRigPrefix(): string {
  return `e2e-${shortId(process.cwd())}-`;
}
