import type { z } from 'zod';
import { didYouMean } from '../util/names.js';
import { Secret } from '../util/secret.js';
import { oneOf, typeName } from '../util/typeNames.js';
import { allowedValues, describeSchema, schemasAt, takesSecret } from './schema.js';

/** A fault of a variable's value in words, and what to do about it. */
export interface IssueText {
  readonly message: string;
  readonly hint: string | undefined;
}

/** `users[0].name`. */
export function showPath(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${String(step)}`))
    .join('');
}

/** The value at a path, or undefined. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, step) => (typeof at === 'object' && at !== null ? (Reflect.get(at, step) as unknown) : undefined),
    value,
  );
}

/** Says what was found, what is allowed, and which of that was most likely meant. `hidden` keeps the value out of it. */
export function issueText(issue: z.core.$ZodIssue, schema: z.ZodType, vars: unknown, hidden: boolean): IssueText {
  const value = valueAt(vars, issue.path);
  const schemas = schemasAt(schema, vars, issue.path);
  const secret = schemas.some(takesSecret);
  const allowed = schemas.flatMap(allowedValues);
  const expected = expectation(issue, schemas, allowed);
  const found = value === undefined ? 'is missing' : `found ${describeValue(value, hidden || secret)}`;
  const near = typeof value === 'string' && !hidden ? didYouMean(value, allowed) : '';
  const subject = `"${showPath(issue.path)}"${value === undefined ? '' : ':'}`;
  return { message: `${subject} ${found}, ${expected}${near}`, hint: hintFor(value, schemas, secret) };
}

/** What is wanted: the schema's own words where it has some, otherwise ours. */
function expectation(issue: z.core.$ZodIssue, schemas: readonly z.ZodType[], allowed: readonly string[]): string {
  const isDefault = /^Invalid (?:input|option|discriminator)/.test(issue.message);
  if (!isDefault) return issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
  if (issue.code === 'invalid_type') return `expected ${typeName(issue.expected)}`;
  if (issue.code === 'invalid_value') return `expected ${oneOf(issue.values)}`;
  const described = allowed.length > 0 ? [oneOf(allowed)] : [...new Set(schemas.map(describeSchema))];
  return described.length === 0 ? 'which is not valid' : `expected ${described.join(', or ')}`;
}

function hintFor(value: unknown, schemas: readonly z.ZodType[], secret: boolean): string | undefined {
  if (value instanceof Secret) {
    return secret ? undefined : 'this variable is not declared as a secret; write it in plain text, or declare it with secret()';
  }
  const wants = (sample: unknown) => schemas.some((schema) => schema.safeParse(sample).success);
  if (typeof value === 'number' || typeof value === 'boolean') {
    return wants(String(value)) ? 'put it in quotes: without them it is not a text' : undefined;
  }
  const plain = typeof value === 'string' ? unquoted(value) : undefined;
  return plain !== undefined && wants(plain) ? 'write it without quotes' : undefined;
}

function unquoted(text: string): number | boolean | undefined {
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return Number(text);
  return text === 'true' || text === 'false' ? text === 'true' : undefined;
}

/** A value in a few words; one that may be secret only by its type. */
function describeValue(value: unknown, hidden: boolean): string {
  if (value === undefined || value === null) return 'nothing';
  if (value instanceof Secret) return 'a secret';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'a map';
  if (hidden) return typeName(typeof value);
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…"` : text;
}
