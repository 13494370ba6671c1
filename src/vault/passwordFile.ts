import { constants, existsSync } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { InputError } from '../model/errors.js';
import { Secret } from '../util/secret.js';
import { DEFAULT_LABEL, once, type VaultSource } from './keys.js';
import { describeEnd, runLocal } from './localCommand.js';

/**
 * A vault password out of `--vault-password-file`: `FILE` or `LABEL@FILE`. A file that may be executed is run and its
 * output taken, as Ansible does (`--vault-id LABEL` is passed to one whose name ends in `-client`); any other is read.
 * White space around the password in a file, and line ends around a program's output, are dropped. Relative paths are relative to `cwd`.
 */
export function passwordFileSource(argument: string, cwd: string = process.cwd()): VaultSource {
  const at = argument.indexOf('@');
  const labelled = at > 0 && !existsSync(resolve(cwd, argument));
  const label = labelled ? argument.slice(0, at) : DEFAULT_LABEL;
  const shown = labelled ? argument.slice(at + 1) : argument;
  const path = resolve(cwd, shown);
  return { label, name: `--vault-password-file ${shown}`, read: once(() => readPassword(path, shown, label)) };
}

async function readPassword(path: string, shown: string, label: string): Promise<Secret> {
  const isFile = await stat(path).then(
    (entry) => !entry.isDirectory(),
    () => undefined,
  );
  if (isFile === undefined) throw new InputError(`no vault password file ${shown}`, { hint: `looked for ${path}` });
  if (!isFile) throw new InputError(`the vault password file ${shown} is a folder`);
  const executable = await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
  const text = executable ? await runPasswordFile(path, shown, label) : await readPlain(path, shown);
  if (text === '') throw new InputError(`the vault password of ${shown} is empty`);
  return new Secret(text);
}

async function readPlain(path: string, shown: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (cause) {
    throw new InputError(`the vault password file ${shown} cannot be read: ${reason(cause)}`, { cause });
  }
}

async function runPasswordFile(path: string, shown: string, label: string): Promise<string> {
  // Without this, what is no program is taken for a shell script, and the shell's complaint shows the password.
  if (!isProgram(await readFile(path))) {
    throw new InputError(`the vault password file ${shown} may be executed, but is no program`, {
      hint: 'if it holds the password itself, take its executable bit away (chmod -x); a script begins with #!',
    });
  }
  const isClient = basename(path, extname(path)).endsWith('-client');
  const result = await runLocal(path, isClient ? ['--vault-id', label] : []).catch((cause: unknown) => {
    throw new InputError(`the vault password program ${shown} cannot be run: ${reason(cause)}`, { cause });
  });
  if (result.ended !== 0) throw new InputError(`the vault password program ${shown} failed: ${describeEnd(result.ended)}`);
  return result.stdout.toString('utf8').replace(/^[\r\n]+|[\r\n]+$/g, '');
}

/** A script that names its interpreter, or a binary: no password begins with the marks of one. */
function isProgram(content: Buffer): boolean {
  const start = content.subarray(0, 4);
  return start.toString('latin1').startsWith('#!') || start.toString('latin1') === '\x7fELF' || start.some((byte) => byte > 0xf0);
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
