import { z } from 'zod';
import { Secret, reveal } from '../util/secret.js';

/**
 * The schema of a secret variable. It takes a vaulted value, or plain text (from `--extra-vars`, the environment or a
 * private vars file), and gives a `Secret`, which no output shows.
 */
export function secret() {
  return z
    .union([z.instanceof(Secret), z.string().min(1)], { error: 'expected a secret text (vaulted, or plain)' })
    .transform((value) => (typeof value === 'string' ? new Secret(value) : value))
    .meta({ [SECRET_MARK]: true });
}

/** Keys of the metadata by which `secret()` and `openText()` are known again. */
export const SECRET_MARK = 'provisionSecret';
export const OPEN_TEXT_MARK = 'provisionOpenText';

/** The names of an object schema's variables that are secrets. */
export function secretNames(schema: z.ZodType): readonly string[] {
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).flatMap(([name, value]) =>
    value instanceof z.ZodType && value.meta()?.[SECRET_MARK] === true ? [name] : [],
  );
}

/** A schema for text that is no secret, but may stand in a vaulted file beside secrets (a certificate, say). */
export function openText<S extends z.ZodType>(schema: S) {
  return z.preprocess((value) => (value instanceof Secret ? reveal(value) : value), schema).meta({ [OPEN_TEXT_MARK]: true });
}
