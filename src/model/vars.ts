import { z } from 'zod';
import { Secret } from '../util/secret.js';

/**
 * The schema of a secret variable. It takes a vaulted value, or plain text (from `--extra-vars`, the environment or a
 * private vars file), and gives a `Secret`, which no output shows.
 */
export function secret() {
  return z
    .union([z.instanceof(Secret), z.string().min(1)], { error: 'expected a secret text (vaulted, or plain)' })
    .transform((value) => (typeof value === 'string' ? new Secret(value) : value));
}
