import type { z } from 'zod';
import { Secret } from '../util/secret.js';
import { itemSchemas, shapeOf } from './schema.js';

/** A key that a value has and its schema has not. */
export interface UnknownKey {
  readonly path: readonly (string | number)[];
  /** The keys that may stand there. */
  readonly known: readonly string[];
}

/** All keys of a value, at any depth, that its schema does not know and does not let pass on purpose. */
export function unknownKeys(schema: z.ZodType, value: unknown, path: readonly (string | number)[] = []): readonly UnknownKey[] {
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) =>
      itemSchemas(schema, value, index).flatMap((one) => unknownKeys(one, item, [...path, index])),
    );
  }
  if (typeof value !== 'object' || value === null || value instanceof Secret) return [];
  const shape = shapeOf(schema, value);
  if (shape === undefined) return [];
  return Object.entries(value).flatMap(([key, child]): readonly UnknownKey[] => {
    const here = [...path, key];
    const schemas = shape.keys.get(key) ?? (shape.rest === undefined ? [] : [shape.rest]);
    if (schemas.length === 0) return shape.open ? [] : [{ path: here, known: [...shape.keys.keys()] }];
    return schemas.flatMap((one) => unknownKeys(one, child, here));
  });
}
