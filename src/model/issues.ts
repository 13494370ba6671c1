import { z } from 'zod';
import { didYouMean } from '../util/names.js';
import { oneOf, typeName } from '../util/typeNames.js';

/** A zod error of options as one sentence a fault, with the near name for an unknown key or word. */
export function describeIssues(error: z.ZodError, schema: z.ZodType, options: unknown): string {
  // An unknown key first: one that is missing may be what it should be called.
  const issues = [...error.issues].sort((a, b) => Number(isUnknownKey(b)) - Number(isUnknownKey(a)));
  return issues.map((issue) => describeIssue(issue, schema, options)).join('; ');
}

/** The key that the first fault is about; undefined where it is about one that is missing. */
export function faultyKey(error: z.ZodError, options: unknown): string | undefined {
  const issue = error.issues.find(isUnknownKey) ?? error.issues[0];
  if (issue === undefined) return undefined;
  if (issue.code === 'unrecognized_keys') return issue.keys[0];
  const keys = issue.path.filter((step) => typeof step === 'string');
  return valueAt(options, issue.path) === undefined ? undefined : keys.at(-1);
}

function isUnknownKey({ code }: z.core.$ZodIssue): boolean {
  return code === 'unrecognized_keys';
}

/** One fault of a value against its schema, in words. */
function describeIssue(issue: z.core.$ZodIssue, schema: z.ZodType, options: unknown): string {
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = keysOf(schemaAt(schema, issue.path));
    return issue.keys
      .map((key) => `unknown option "${path === '' ? '' : `${path}.`}${key}"${didYouMean(key, known) || allowed(known)}`)
      .join('; ');
  }
  const value = valueAt(options, issue.path);
  const isOwn = !/^Invalid (?:input|option)/.test(issue.message);
  if (path === '') return issue.message;
  if (issue.code === 'invalid_key') return `${path}: ${issue.issues.map((inner) => inner.message).join('; ')}`;
  if (value === undefined && !isOwn) return `"${path}" is missing`;
  if (isOwn) return `${path}: ${issue.message}`;
  if (issue.code === 'invalid_value') {
    const words = issue.values.map(String);
    const near = typeof value === 'string' ? didYouMean(value, words) : '';
    return `${path}: expected ${oneOf(words)}, found ${JSON.stringify(value)}${near}`;
  }
  // A value of the wrong type may be a secret: its type is enough.
  const wanted = expectations(issue);
  return wanted.length === 0 ? `${path}: ${issue.message}` : `${path}: expected ${wanted.join(' or ')}, found ${typeOf(value)}`;
}

/** What is taken instead: of a union, what each of its forms is. */
function expectations(issue: z.core.$ZodIssue): readonly string[] {
  if (issue.code === 'invalid_type') return [typeName(issue.expected)];
  if (issue.code === 'invalid_value') return [oneOf(issue.values)];
  if (issue.code === 'invalid_union')
    return [...new Set(issue.errors.flat().flatMap((form) => (form.path.length === 0 ? expectations(form) : [])))];
  const own = /^expected (.+)$/.exec(issue.message)?.[1];
  return own === undefined ? [] : [own];
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return typeName(Array.isArray(value) ? 'array' : typeof value);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, step) => (typeof at === 'object' && at !== null ? (Reflect.get(at, step) as unknown) : undefined),
    value,
  );
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
