import type { ParsedKey } from 'ssh2';
import { InputError } from '../../model/errors.js';
import { reveal, type Secret } from '../../util/secret.js';
import { decryptKey, type KeyFile } from './key-file.js';

/** Asks a person for the passphrase of a key file. Undefined when there is none to be had. */
export type AskPassphrase = (keyFile: string) => Promise<Secret | undefined>;

const ATTEMPTS = 3;

/** Keys that were unlocked (or given up) in this process: many hosts at once ask a person one time a file. */
const unlocked = new Map<string, Promise<ParsedKey | undefined>>();

/**
 * The private key of a file; asks for the passphrase where one is needed, three times at most and once per file in this
 * process. Undefined where no passphrase is to be had; InputError where it is wrong.
 */
export function unlock(file: KeyFile, ask: AskPassphrase | undefined): Promise<ParsedKey | undefined> {
  const known = unlocked.get(file.path);
  if (known !== undefined) return known;
  // Without anyone to ask nothing is learned that a later call could not know better.
  if (file.encrypted && ask === undefined) return Promise.resolve(undefined);
  const key = open(file, ask);
  unlocked.set(file.path, key);
  return key;
}

async function open(file: KeyFile, ask: AskPassphrase | undefined): Promise<ParsedKey | undefined> {
  let last: Secret | undefined;
  for (let attempt = 1; ; attempt++) {
    const passphrase = file.encrypted ? await ask?.(file.path) : undefined;
    if (file.encrypted && passphrase === undefined) return undefined;
    const key = decryptKey(file, passphrase);
    if (!(key instanceof Error)) return key;
    const answeredAlike = last !== undefined && passphrase !== undefined && reveal(last) === reveal(passphrase);
    if (attempt === ATTEMPTS || answeredAlike) {
      throw new InputError(`the passphrase of ${file.path} is wrong (${key.message})`, {
        hint: 'try again, or load the key into an ssh-agent first (ssh-add)',
        cause: key,
      });
    }
    last = passphrase;
  }
}
