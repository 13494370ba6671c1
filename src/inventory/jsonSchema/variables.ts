import { z } from 'zod';
import { OPEN_TEXT_MARK, SECRET_MARK } from '../../model/vars.js';

/** A JSON Schema of draft 7, the newest that editors' YAML support knows well. */
export interface JsonSchema {
  type?: string | readonly string[] | undefined;
  description?: string | undefined;
  default?: unknown;
  properties?: Record<string, JsonSchema | boolean> | undefined;
  additionalProperties?: JsonSchema | boolean | undefined;
  definitions?: Record<string, JsonSchema | boolean> | undefined;
  [key: string]: unknown;
}

/** A JSON Schema of a map, with its keys. */
export interface MapSchema extends JsonSchema {
  properties: Record<string, JsonSchema | boolean>;
}

const SECRET_WAYS = "A secret: vaulted (!vault), or !env NAME, or !command 'pass show …'.";

/**
 * A schema of variables as JSON Schema. It takes what a YAML file may say, so that no variable is required: another file
 * may have it. Keys that the loader refuses are refused. `docs` are the variables' docstrings by path (`users[].name`).
 */
export function variablesSchema(schema: z.ZodType, docs: ReadonlyMap<string, string>): MapSchema {
  const made = z.toJSONSchema(schema, {
    target: 'draft-07',
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      adapt(zodSchema, jsonSchema);
    },
  });
  describe(made, docs, '');
  delete made.$schema;
  delete made.required;
  // A schema that is no map of names is not looked into: it lets everything pass.
  return { ...made, type: 'object', properties: { ...made.properties } };
}

/** What zod's own translation leaves open or takes too strictly. */
function adapt(schema: z.core.$ZodType, json: z.core.JSONSchema.BaseSchema): void {
  if (json[SECRET_MARK] === true) {
    replace(json, [SECRET_MARK, 'anyOf'], { type: 'string', minLength: 1 });
    json.description = [json.description, SECRET_WAYS].filter((part) => part !== undefined).join('\n\n');
  }
  // Behind `!env NAME` an editor sees the name.
  if (json[OPEN_TEXT_MARK] === true) replace(json, [OPEN_TEXT_MARK, ...OF_TEXTS], { type: 'string' });
  // The loader refuses unknown keys of every object that does not let them pass on purpose.
  if (schema instanceof z.ZodObject && schema.def.catchall === undefined) json.additionalProperties = false;
  if (schema instanceof z.ZodString && !hasPortablePatterns(schema)) replace(json, ['pattern', 'allOf'], {});
  if (isCoerced(schema)) replace(json, ['type'], {});
  // A format says what its pattern says; some are known to zod only. And limits that every whole number has.
  if (json.format !== undefined && (json.pattern !== undefined || !FORMATS.has(json.format))) delete json.format;
  if (json.minimum === Number.MIN_SAFE_INTEGER) delete json.minimum;
  if (json.maximum === Number.MAX_SAFE_INTEGER) delete json.maximum;
}

const OF_TEXTS = ['pattern', 'format', 'minLength', 'maxLength', 'allOf', 'enum', 'const'] as const;
const FORMATS = new Set(['email', 'uri', 'ipv4', 'ipv6', 'hostname', 'date', 'time', 'date-time', 'regex']);

function replace(json: object, drop: readonly string[], put: object): void {
  for (const key of drop) Reflect.deleteProperty(json, key);
  Object.assign(json, put);
}

/** A JSON Schema's pattern has no flags. */
function hasPortablePatterns(schema: z.ZodString): boolean {
  return (schema.def.checks ?? []).every(({ _zod: { def } }) => {
    const pattern = 'pattern' in def ? def.pattern : undefined;
    return !(pattern instanceof RegExp) || pattern.flags === '' || pattern.flags === 'u';
  });
}

function isCoerced(schema: z.core.$ZodType): boolean {
  return 'coerce' in schema._zod.def && schema._zod.def.coerce === true;
}

/** Puts docstrings where they belong, and defaults behind them: an editor shows only the text. */
function describe(json: z.core.JSONSchema._JSONSchema | undefined, docs: ReadonlyMap<string, string>, path: string): void {
  if (typeof json !== 'object') return;
  const doc = docs.get(path);
  // Editors show the marks of code as they are.
  if (doc !== undefined)
    json.description = [doc.replaceAll('`', ''), secretPart(json)].filter((part) => part !== '').join('\n\n');
  if (json.default !== undefined && path !== '') addDefault(json, json.default);
  for (const [name, child] of Object.entries(json.properties ?? {}))
    describe(child, docs, path === '' ? name : `${path}.${name}`);
  if (typeof json.items === 'object' && !Array.isArray(json.items)) describe(json.items, docs, `${path}[]`);
  if (typeof json.additionalProperties === 'object') describe(json.additionalProperties, docs, `${path}{}`);
  for (const form of [...(json.anyOf ?? []), ...(json.oneOf ?? []), ...(json.allOf ?? [])]) {
    if (typeof form === 'object')
      for (const [name, child] of Object.entries(form.properties ?? {})) describe(child, docs, `${path}.${name}`);
  }
}

function secretPart({ description }: z.core.JSONSchema.BaseSchema): string {
  return description?.includes(SECRET_WAYS) === true ? SECRET_WAYS : '';
}

function addDefault(json: z.core.JSONSchema.BaseSchema, value: unknown): void {
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  if (isEmpty || /\bdefaults?\b/i.test(json.description ?? '')) return;
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  json.description = [json.description, `Default: ${shown}.`].filter((part) => part !== undefined).join(' ');
}
