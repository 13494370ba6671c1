import { existsSync } from 'node:fs';
import { InputError } from '../../model/errors.js';
import { messageOf } from './failure.js';
import { readKeyFile, type KeyFile } from './key-file.js';
import type { Settings } from './settings.js';

/** Key files that are there. */
export interface KeyFiles {
  /** The one that the inventory or the command line names. */
  readonly explicit: KeyFile | undefined;
  /** Those of ssh_config, or the default ones, in order. */
  readonly others: readonly KeyFile[];
}

/**
 * Reads a host's key files. The explicit one must be there and be a key (InputError); of the others, a missing one is passed
 * over, and what cannot be used is added to `notes`.
 */
export async function findKeyFiles(settings: Settings, notes: string[]): Promise<KeyFiles> {
  const explicit = await readExplicit(settings);
  const paths = [...new Set(settings.keyFiles)].filter((path) => path !== explicit?.path);
  const found = await Promise.all(paths.map((path) => readOther(path, notes)));
  const others = found.filter((file) => file !== undefined);
  noteCertificates([...(explicit === undefined ? [] : [explicit]), ...others], settings.certificateFiles, notes);
  return { explicit, others };
}

async function readExplicit(settings: Settings): Promise<KeyFile | undefined> {
  if (settings.explicitKeyFile === undefined) return undefined;
  const file = await readKeyFile(settings.explicitKeyFile);
  if (file === undefined) {
    throw new InputError(`${settings.name}: the key file ${settings.explicitKeyFile} does not exist`, {
      hint: 'correct ansible_ssh_private_key_file or --private-key',
    });
  }
  return file;
}

async function readOther(path: string, notes: string[]): Promise<KeyFile | undefined> {
  try {
    return await readKeyFile(path);
  } catch (error) {
    notes.push(messageOf(error));
    return undefined;
  }
}

/** OpenSSH would log in with the certificates beside keys; ssh2 cannot, and the user must hear why the key alone is refused. */
function noteCertificates(files: readonly KeyFile[], configured: readonly string[], notes: string[]): void {
  const paths = new Set([...configured, ...files.map((file) => `${file.path}-cert.pub`)]);
  for (const path of paths) {
    if (existsSync(path)) notes.push(`the certificate ${path} is not used: logging in with certificates is not supported`);
  }
}
