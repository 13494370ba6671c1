import { dirname } from 'node:path';
import { InputError, type SourcePosition } from '../model/errors.js';
import { didYouMean } from '../util/names.js';
import { Secret } from '../util/secret.js';
import { decryptText } from '../vault/decrypt.js';
import type { VaultSource } from '../vault/keys.js';
import { describeEnd, runLocal } from '../vault/localCommand.js';
import type { StandIns } from './standIns.js';
import type { PendingSecret } from './tree.js';

/** Gives the value behind a pending secret. `name` is the variable that it stands in. */
export type SecretResolver = (pending: PendingSecret, name: string, at: SourcePosition) => Promise<Secret | undefined>;

/**
 * Secrets as far as they can be had without running or asking anything: no `!command` is run, a vaulted value needs a
 * password source, an environment variable must be set. In place of all others a stand-in is given.
 */
export function standInResolver(vault: readonly VaultSource[], standIns: StandIns): SecretResolver {
  const real = secretResolver(vault);
  return async (pending, name, where) => {
    const { kind, text } = pending;
    const had = kind === 'vault' ? vault.length > 0 : kind === 'env' && (process.env[text] ?? '') !== '';
    if (had || text === '') return real(pending, name, where);
    return standIns.give(name);
  };
}

/**
 * How secrets are had:
 * - `!vault` is decrypted;
 * - `!env NAME` is the environment variable of this process, which must be set and not empty;
 * - `!command LINE` is what a shell command prints on this machine, without the line ends at its end. It runs in the
 *   folder of the file that names it, at each load whose result needs it, and must end with exit code 0.
 */
export function secretResolver(vault: readonly VaultSource[]): SecretResolver {
  return async ({ kind, text }, name, where) => {
    if (kind === 'vault') return new Secret(await decryptText(text, vault, `the vaulted variable "${name}"`, where));
    if (text === '') {
      throw new InputError(`"${name}": !${kind} has nothing behind it`, {
        where,
        hint:
          kind === 'env'
            ? 'write the name of an environment variable: !env DB_PASSWORD'
            : "write a command line: !command 'pass show db'",
      });
    }
    return kind === 'env' ? fromEnvironment(text, name, where) : fromCommand(text, name, where);
  };
}

function fromEnvironment(variable: string, name: string, where: SourcePosition): Secret {
  const value = process.env[variable];
  if (value === undefined || value === '') {
    const state = value === undefined ? 'not set' : 'empty';
    const near = didYouMean(variable, Object.keys(process.env));
    throw new InputError(`"${name}" comes from the environment variable ${variable}, which is ${state}${near}`, {
      where,
      hint: `set ${variable} for this run; a name that you export is inherited`,
    });
  }
  return new Secret(value);
}

async function fromCommand(line: string, name: string, where: SourcePosition): Promise<Secret> {
  const result = await runLocal('/bin/sh', ['-c', line], { cwd: dirname(where.file) }).catch((cause: unknown) => {
    throw new InputError(
      `"${name}": the command ${line} cannot be run: ${cause instanceof Error ? cause.message : String(cause)}`,
      { where, cause },
    );
  });
  if (result.ended !== 0) throw new InputError(`"${name}": the command ${line} failed: ${describeEnd(result.ended)}`, { where });
  const value = result.stdout.toString('utf8').replace(/[\r\n]+$/, '');
  if (value === '') throw new InputError(`"${name}": the command ${line} printed nothing`, { where });
  return new Secret(value);
}
