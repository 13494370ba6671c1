import { z } from 'zod';
import { Secret } from '../util/secret.js';
import { oneOf, typeName } from '../util/typeNames.js';

/** What a schema says about a map: the schemas of its keys, and whether it takes others. */
export interface Shape {
  readonly keys: ReadonlyMap<string, readonly z.ZodType[]>;
  /** True where unknown keys are welcome: a loose object or one with a catch-all, a record. */
  readonly open: boolean;
  /** The schema of values under unknown keys, where it has one. */
  readonly rest: z.ZodType | undefined;
}

/** The schema inside of one that only adds to it: optional, a default, a transformation, laziness. Undefined where there is none. */
function innerSchema(schema: z.ZodType): z.ZodType | undefined {
  if (schema instanceof z.ZodPipe) return (schema.in instanceof z.ZodTransform ? schema.out : schema.in) as z.ZodType;
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodCatch ||
    schema instanceof z.ZodReadonly ||
    schema instanceof z.ZodNonOptional ||
    schema instanceof z.ZodLazy
  ) {
    return schema.unwrap() as z.ZodType;
  }
  return undefined;
}

/** The schemas that a value may have to fit: of a union, those that it fits, or all where it fits none. */
function alternatives(schema: z.ZodType, value: unknown): readonly z.ZodType[] {
  const inner = innerSchema(schema);
  if (inner !== undefined) return alternatives(inner, value);
  if (!(schema instanceof z.ZodUnion)) return [schema];
  const options = schema.options as readonly z.ZodType[];
  const fitting = options.filter((option) => option.safeParse(value).success);
  return (fitting.length > 0 ? fitting : options).flatMap((option) => alternatives(option, value));
}

/** What a schema says about the keys of a map, or undefined where it is not about maps or does not say. */
export function shapeOf(schema: z.ZodType, value: unknown): Shape | undefined {
  const shapes = alternatives(schema, value).map((one): Shape | undefined => {
    if (one instanceof z.ZodObject) {
      const catchall = one.def.catchall as z.ZodType | undefined;
      const open = catchall !== undefined && !(catchall instanceof z.ZodNever);
      const keys = Object.entries(one.shape).map(([key, child]): [string, readonly z.ZodType[]] => [key, [child as z.ZodType]]);
      return { keys: new Map(keys), open, rest: open ? catchall : undefined };
    }
    if (one instanceof z.ZodRecord) return { keys: new Map(), open: true, rest: one.valueType as z.ZodType };
    if (one instanceof z.ZodIntersection)
      return joined([one.def.left as z.ZodType, one.def.right as z.ZodType].map((side) => shapeOf(side, value)));
    return undefined;
  });
  return joined(shapes);
}

function joined(shapes: readonly (Shape | undefined)[]): Shape | undefined {
  const known = shapes.filter((shape) => shape !== undefined);
  if (known.length === 0) return undefined;
  const keys = new Map<string, readonly z.ZodType[]>();
  for (const shape of known) for (const [key, schemas] of shape.keys) keys.set(key, [...(keys.get(key) ?? []), ...schemas]);
  return { keys, open: known.some((shape) => shape.open), rest: known.find((shape) => shape.rest !== undefined)?.rest };
}

/** The schemas of a list's item. */
export function itemSchemas(schema: z.ZodType, value: unknown, index: number): readonly z.ZodType[] {
  return alternatives(schema, value).flatMap((one) => {
    if (one instanceof z.ZodArray) return [one.element as z.ZodType];
    if (one instanceof z.ZodTuple)
      return [(one.def.items[index] ?? one.def.rest) as z.ZodType | null].filter((item) => item !== null);
    return [];
  });
}

/** The schemas at a path of a value. Empty where the schema does not reach so far. */
export function schemasAt(schema: z.ZodType, value: unknown, path: readonly PropertyKey[]): readonly z.ZodType[] {
  const [key, ...rest] = path;
  if (key === undefined) return [schema];
  const child = typeof value === 'object' && value !== null ? (Reflect.get(value, key) as unknown) : undefined;
  const shape = typeof key === 'string' ? shapeOf(schema, value) : undefined;
  const children =
    typeof key === 'number'
      ? itemSchemas(schema, value, key)
      : (shape?.keys.get(String(key)) ?? (shape?.rest ? [shape.rest] : []));
  return children.flatMap((one) => schemasAt(one, child, rest));
}

/** Whether a schema takes a `Secret`: then even a wrong value of it is not shown. */
export function takesSecret(schema: z.ZodType): boolean {
  const inner = innerSchema(schema);
  if (inner !== undefined) return takesSecret(inner);
  if (schema instanceof z.ZodUnion) return (schema.options as readonly z.ZodType[]).some(takesSecret);
  // Only the test of the class itself: refinements may refuse this one although they take others.
  return schema instanceof z.ZodCustom && schema.safeParse(new Secret('x')).success;
}

/** What a schema wants, in words: `a text`, `one of a, b`. */
export function describeSchema(schema: z.ZodType): string {
  if (takesSecret(schema)) return 'a secret text';
  const inner = innerSchema(schema);
  if (inner !== undefined) return describeSchema(inner);
  if (schema instanceof z.ZodEnum) return oneOf(schema.options);
  if (schema instanceof z.ZodLiteral) return oneOf([...schema.values]);
  if (schema instanceof z.ZodUnion)
    return [...new Set((schema.options as readonly z.ZodType[]).map(describeSchema))].join(', or ');
  if (schema instanceof z.ZodString || schema instanceof z.ZodStringFormat) return typeName('string');
  if (schema instanceof z.ZodNumber) return schema.format?.includes('int') === true ? 'a whole number' : typeName('number');
  if (schema instanceof z.ZodBoolean) return typeName('boolean');
  if (schema instanceof z.ZodArray || schema instanceof z.ZodTuple) return typeName('array');
  if (schema instanceof z.ZodObject || schema instanceof z.ZodRecord) return typeName('object');
  return 'a value';
}

/** The texts that a schema lists as the only ones; empty where it takes others too. */
export function allowedValues(schema: z.ZodType): readonly string[] {
  const inner = innerSchema(schema);
  if (inner !== undefined) return allowedValues(inner);
  if (schema instanceof z.ZodEnum) return schema.options.map(String);
  if (schema instanceof z.ZodLiteral) return [...schema.values].map(String);
  if (!(schema instanceof z.ZodUnion)) return [];
  const lists = (schema.options as readonly z.ZodType[]).map(allowedValues);
  return lists.every((list) => list.length > 0) ? lists.flat() : [];
}
