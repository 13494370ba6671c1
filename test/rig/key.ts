import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { rigDir } from './paths.js';
import { must } from './run.js';

/** The rig's own key pair for logging in, made once. Gives the public key. */
export async function ensureKey(rig: string): Promise<string> {
  const file = join(rigDir(rig), 'id_ed25519');
  const known = await readFile(`${file}.pub`, 'utf8').catch(() => undefined);
  if (known !== undefined) return known;
  const fresh = `${file}.new`;
  await rm(fresh, { force: true });
  await must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', `provision-rig-${rig}`, '-f', fresh]);
  await rename(fresh, file);
  await rename(`${fresh}.pub`, `${file}.pub`); // last: its being there says that the pair is whole
  return await readFile(`${file}.pub`, 'utf8');
}
