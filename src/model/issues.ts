import { z } from 'zod';
import { didYouMean } from '../util/names.js';

/** A zod error as one sentence a fault, with the near name for an unknown key. */
export function describeIssues(error: z.ZodError, schema: z.ZodType): string {
  return error.issues.map((issue) => describeIssue(issue, schema)).join('; ');
}

/** One fault of a value against its schema, in words. */
function describeIssue(issue: z.core.$ZodIssue, schema: z.ZodType): string {
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = keysOf(schemaAt(schema, issue.path));
    return issue.keys
      .map((key) => `unknown option "${path === '' ? '' : `${path}.`}${key}"${didYouMean(key, known) || allowed(known)}`)
      .join('; ');
  }
  const message = issue.code === 'invalid_key' ? issue.issues.map((inner) => inner.message).join('; ') : issue.message;
  return path === '' ? message : `${path}: ${message}`;
}

function allowed(known: readonly string[]): string {
  return known.length === 0 ? '' : ` (known: ${known.join(', ')})`;
}

/** The keys of an object schema, also through unions and wrappers. */
function keysOf(schema: z.ZodType | undefined): readonly string[] {
  if (schema === undefined) return [];
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => keysOf(option as z.ZodType));
  const inner = unwrap(schema);
  return inner === undefined ? [] : keysOf(inner);
}

function unwrap(schema: z.ZodType): z.ZodType | undefined {
  if (schema instanceof z.ZodPipe) return schema.in as z.ZodType;
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  ) {
    return schema.unwrap() as z.ZodType;
  }
  return undefined;
}

function schemaAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  let at: z.ZodType | undefined = schema;
  for (const step of path) {
    while (at !== undefined && unwrap(at) !== undefined) at = unwrap(at);
    if (at instanceof z.ZodObject) at = at.shape[String(step)] as z.ZodType | undefined;
    else if (at instanceof z.ZodArray) at = at.element as z.ZodType;
    else if (at instanceof z.ZodRecord) at = at.valueType as z.ZodType;
    else return undefined;
  }
  return at;
}
