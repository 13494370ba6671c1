import { createHash } from 'node:crypto';
import { readdir, readFile, readlink, lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { hostDir, type RigState } from './state.js';

/** Folders whose content a running host changes by itself. */
const VOLATILE = ['/run', '/tmp', '/proc', '/sys', '/dev', '/var/log', '/var/tmp'];

/**
 * Every file and folder that a host has written, changed or deleted since it was bare, with its type, mode, owner and
 * the hash of its content. Two of them are equal exactly when nothing lasting was changed in between.
 */
export async function fingerprint(state: RigState, host: string): Promise<Record<string, string>> {
  const found: [string, string][] = [];
  const walk = async (upper: string, path: string): Promise<void> => {
    const entries = await readdir(join(upper, path), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const below = `${path}/${entry.name}`;
      if (VOLATILE.includes(below)) continue;
      const description = await describe(join(upper, below)).catch(gone);
      if (description === undefined) continue;
      found.push([below, description]);
      if (entry.isDirectory()) await walk(upper, below);
    }
  };
  await walk(join(hostDir(state.name, host), 'upper'), '');
  return Object.fromEntries(found);
}

async function describe(path: string): Promise<string> {
  const about = await lstat(path);
  const { mode, uid, gid, rdev } = about;
  const owner = `${(mode & 0o7777).toString(8).padStart(4, '0')} ${uid}:${gid}`;
  if (about.isCharacterDevice() && rdev === 0) return 'deleted'; // overlayfs's mark
  if (about.isSymbolicLink()) return `link ${await readlink(path)}`;
  if (about.isDirectory()) return `folder ${owner}`;
  if (!about.isFile()) return `special ${owner}`;
  return `file ${owner} ${createHash('sha256')
    .update(await readFile(path))
    .digest('hex')}`;
}

function gone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
  return undefined;
}
