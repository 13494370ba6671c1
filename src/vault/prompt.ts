import { InputError } from '../model/errors.js';
import { Secret } from '../util/secret.js';
import { DEFAULT_LABEL, once, type VaultSource } from './keys.js';

/**
 * A vault password that a person types (`--ask-vault-pass`). `ask` shows the question and gives what was typed without
 * echo; it is called when the first vaulted value needs it.
 */
export function promptSource(ask: (question: string) => Promise<string>, label: string = DEFAULT_LABEL): VaultSource {
  const question = label === DEFAULT_LABEL ? 'Vault password: ' : `Vault password (${label}): `;
  return {
    label,
    name: '--ask-vault-pass',
    read: once(async () => {
      const typed = await ask(question);
      if (typed === '') throw new InputError('no vault password was typed');
      return new Secret(typed);
    }),
  };
}
