import type { Secret } from '../util/secret.js';

/** Where a vault password comes from. It is asked for when the first vaulted value needs it, and once. */
export interface VaultSource {
  /** The vault id it belongs to; `default` where none was given. */
  readonly label: string;
  /** For messages: `--vault-password-file vault.txt`. */
  readonly name: string;
  /** Throws InputError where it cannot be had. */
  read(): Promise<Secret>;
}

/** The vault id of a password that was given without one. */
export const DEFAULT_LABEL = 'default';

/** A function that does its work at the first call and gives the same result, or the same error, from then on. */
export function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => (result ??= work());
}

/** The order in which sources are tried on a value: those of its own vault id first, as Ansible does. */
export function inOrderFor(label: string | undefined, sources: readonly VaultSource[]): readonly VaultSource[] {
  const own = sources.filter((source) => source.label === label);
  return [...own, ...sources.filter((source) => source.label !== label)];
}
