import { Secret } from './secret.js';
import { sha256 } from './hash.js';

/** SHA-256 of a value's JSON, its keys sorted, so that the same data give the same digest however they were put together. */
export function digestOf(value: unknown): string {
  return sha256(JSON.stringify({ value }, sorted));
}

function sorted(_key: string, value: unknown): unknown {
  if (value instanceof Map) return [...(value as ReadonlyMap<unknown, unknown>)];
  if (value instanceof Set) return [...(value as ReadonlySet<unknown>)];
  if (value === null || typeof value !== 'object' || Array.isArray(value) || value instanceof Secret) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
