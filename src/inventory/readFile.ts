import { readFile } from 'node:fs/promises';
import { InputError, InputErrors } from '../model/errors.js';
import { decryptText } from '../vault/decrypt.js';
import { isVaulted } from '../vault/envelope.js';
import type { VaultSource } from '../vault/keys.js';
import type { Node } from './tree.js';
import { parseYaml } from './yaml.js';

/** Reads a YAML file, decrypted first where it is a vault. Throws InputError or InputErrors. */
export async function readYamlFile(file: string, vault: readonly VaultSource[]): Promise<Node> {
  return parseText(await readText(file), file, vault);
}

/** Whether a file is vaulted as a whole. One that cannot be read is not. */
export async function isVaultedFile(file: string): Promise<boolean> {
  return isVaulted(await readFile(file, 'utf8').catch(() => ''));
}

/** Reads an inventory's own file; Ansible's other format gets an error of its own. */
export async function readInventoryFile(file: string, vault: readonly VaultSource[]): Promise<Node> {
  const text = await readText(file);
  const looksLikeIni = /^\[[A-Za-z0-9_.:-]+\]\s*$/m.test(text);
  try {
    const node = await parseText(text, file, vault);
    if (!looksLikeIni || node.kind === 'map') return node;
  } catch (error) {
    if (!looksLikeIni || !(error instanceof InputErrors)) throw error;
  }
  throw new InputError("this is not YAML; it looks like an inventory in Ansible's INI format", {
    where: { file },
    hint: `translate it once: ansible-inventory -i ${file} --list --yaml > hosts.yml`,
  });
}

async function parseText(text: string, file: string, vault: readonly VaultSource[]): Promise<Node> {
  if (!isVaulted(text)) return parseYaml(text, file);
  const plain = await decryptText(text, vault, 'the vaulted file', { file, line: 1, column: 1 });
  return parseYaml(plain, file, { vaulted: true });
}

async function readText(file: string): Promise<string> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new InputError(`this file cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      where: { file },
      cause,
    });
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new InputError('this file is not text in UTF-8', { where: { file }, cause });
  }
}
