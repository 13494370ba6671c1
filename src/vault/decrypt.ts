import { Vault } from 'ansible-vault';
import { InputError, type SourcePosition } from '../model/errors.js';
import { reveal } from '../util/secret.js';
import { envelopeFault, readHeader, tidy } from './envelope.js';
import { DEFAULT_LABEL, inOrderFor, type VaultSource } from './keys.js';

/**
 * Decrypts an Ansible Vault text (format 1.1 or 1.2) with the first source whose password fits; those of the text's
 * own vault id are tried first. `what` names it in errors (`the vaulted file`, `the vaulted variable "x"`). The result is plain:
 * wrap it at once. Throws InputError at `where` for a damaged text, for no password at all, and where none fits.
 */
export async function decryptText(
  text: string,
  sources: readonly VaultSource[],
  what: string,
  where: SourcePosition,
): Promise<string> {
  const fault = envelopeFault(text);
  if (fault !== undefined) throw new InputError(`${what} is not an Ansible Vault text that can be read: ${fault}`, { where });
  const label = readHeader(text)?.label;
  if (sources.length === 0) {
    throw new InputError(`${what} is encrypted${idText(label)}, and no vault password was given`, {
      where,
      hint: `give it with --vault-password-file ${label === undefined ? '' : `${label}@`}FILE or --ask-vault-pass`,
    });
  }
  for (const source of inOrderFor(label, sources)) {
    const plain = await attempt(text, source, what, where);
    if (plain !== undefined) return plain;
  }
  throw new InputError(
    `${what} does not open with ${sources.length === 1 ? 'the vault password' : 'any of the vault passwords'} given`,
    {
      where,
      hint: `it was encrypted${idText(label)} with another password, or was damaged; tried ${sources.map(describe).join(', ')}`,
    },
  );
}

/** The plain text, or undefined where the password is not the right one. */
async function attempt(text: string, source: VaultSource, what: string, where: SourcePosition): Promise<string | undefined> {
  const vault = new Vault({ password: reveal(await source.read()) });
  try {
    return await vault.decrypt(tidy(text), undefined);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : '';
    if (message === 'Integrity check failed') return undefined;
    throw new InputError(`${what} is damaged: ${message}`, { where, cause });
  }
}

function idText(label: string | undefined): string {
  return label === undefined ? '' : ` for the vault id "${label}"`;
}

function describe(source: VaultSource): string {
  return source.label === DEFAULT_LABEL ? source.name : `${source.name} (${source.label})`;
}
