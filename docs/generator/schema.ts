import ts from 'typescript';
import { chainOf, type Call } from '../../src/docstrings/chain.js';
import { textOf } from './literals.js';
import { docstringOf, findConstant, placeOf, type Source } from '../../src/docstrings/source.js';
import { code, joinWords, oneOf, PLAIN, type Bounds } from './words.js';

/** What a zod schema takes, in words. */
export interface Value {
  /** `whole number, at least 1`. */
  readonly words: string;
  /** False where it may be left out. */
  readonly required: boolean;
  /** As it is written in TypeScript; undefined where there is none. */
  readonly default?: string | undefined;
  /** Whether it takes a `Secret`. */
  readonly secret: boolean;
  /** The keys of an object, also of one in a list. */
  readonly nested: readonly Option[];
  /** Sentences about an object as a whole. */
  readonly rules: readonly string[];
}

/** An option of a kind, or a variable of a role. */
export interface Option extends Value {
  readonly name: string;
  /** Its docstring. Empty where it has none, which is a fault. */
  readonly doc: string;
  /** `src/tasks/file.ts:14`. */
  readonly place: string;
  /** The constant that it was spread from, as in `...siteVars.shape`. */
  readonly from?: string | undefined;
}

const VALUE: Value = { words: '', required: true, secret: false, nested: [], rules: [] };

/** Says what the schema takes that an expression makes. Throws for a construct that it does not know. */
export function describeSchema(source: Source, expression: ts.Expression): Value {
  const { base, calls } = chainOf(expression);
  const isZod = base.getText() === 'z';
  let value = isZod ? describeCall(source, calls[0], base) : describeNamed(source, base);
  let bounds: Bounds = {};
  for (const { name, args, node } of isZod ? calls.slice(1) : calls) {
    if (name === 'optional') value = { ...value, required: false };
    else if (name === 'default') value = { ...value, required: false, default: textOf(source, args[0]) };
    else if (name === 'int') value = { ...value, words: PLAIN['int'] ?? '' };
    else if (name === 'min' || name === 'max') bounds = { ...bounds, [name]: textOf(source, args[0]) };
    else if (name === 'nonnegative') bounds = { ...bounds, min: '0' };
    else if (name === 'positive') bounds = { ...bounds, positive: true };
    else if (!SILENT.has(name)) throw unknown(source, node, `.${name}()`);
  }
  const messages = calls.flatMap((call) => messageOf(call) ?? []);
  if (value.words === OBJECT) return { ...value, rules: [...value.rules, ...messages] };
  return { ...value, words: joinWords(value.words, messages, bounds) };
}

/** What these check is in their sentences. */
const SILENT = new Set(['regex', 'refine', 'transform', 'trim', 'startsWith', 'endsWith', 'includes']);
const OBJECT = 'object';

/** A constant with a schema (of this file or an imported one), `secret()`, or `openText(…)` around a schema. */
function describeNamed(source: Source, base: ts.Expression): Value {
  if (ts.isCallExpression(base) && base.expression.getText() === 'openText' && base.arguments[0] !== undefined)
    return describeSchema(source, base.arguments[0]);
  if (ts.isCallExpression(base) && base.expression.getText() === 'secret')
    return { ...VALUE, words: 'secret text', secret: true };
  const found = ts.isIdentifier(base) ? findConstant(source, base.text) : undefined;
  if (found === undefined) throw unknown(source, base, base.getText());
  return describeSchema(found.source, found.value);
}

/** The first call on `z`. */
function describeCall(source: Source, call: Call | undefined, base: ts.Expression): Value {
  const { name = '', args: [first, second] = [], node = base } = call ?? {};
  const plain = PLAIN[name];
  if (plain !== undefined) return { ...VALUE, words: plain };
  if (name === 'literal') return { ...VALUE, words: code(textOf(source, first)) };
  if (name === 'custom') return { ...VALUE, words: 'value' };
  if (name === 'instanceof' && first?.getText() === 'Secret') return { ...VALUE, words: 'secret text', secret: true };
  if (name === 'enum' && first !== undefined && ts.isArrayLiteralExpression(first))
    return { ...VALUE, words: oneOf(first.elements.map((element) => code(element.getText()))) };
  if (name === 'union' && first !== undefined && ts.isArrayLiteralExpression(first))
    return describeUnion(first.elements.map((element) => describeSchema(source, element)));
  if (name === 'array' && first !== undefined) {
    const item = describeSchema(source, first);
    return { ...item, required: true, words: item.words === OBJECT ? 'list of objects' : `list: ${item.words}` };
  }
  if (name === 'record' && first !== undefined && second !== undefined) {
    const item = describeSchema(source, second);
    return { ...item, words: `map: ${describeSchema(source, first).words} → ${item.words}` };
  }
  if ((name === 'strictObject' || name === 'object') && first !== undefined && ts.isObjectLiteralExpression(first))
    return { ...VALUE, words: OBJECT, nested: optionsOf(source, first) };
  throw unknown(source, node, `z.${name}`);
}

function describeUnion(parts: readonly Value[]): Value {
  return {
    ...VALUE,
    words: oneOf(parts.map(({ words }) => words)).replace(/^text or secret text$/, 'text, plain or secret'),
    secret: parts.some(({ secret }) => secret),
    nested: parts.flatMap(({ nested }) => nested),
    rules: parts.flatMap(({ rules }) => rules),
  };
}

/** The keys of an object schema's literal, those that are spread from other schemas too. */
function optionsOf(source: Source, literal: ts.ObjectLiteralExpression): readonly Option[] {
  return literal.properties.flatMap((property) => {
    if (ts.isSpreadAssignment(property)) return spread(source, property);
    if (!ts.isPropertyAssignment(property)) throw unknown(source, property, 'this kind of property');
    const name = property.name.getText().replace(/^['"](.*)['"]$/, '$1');
    const value = describeSchema(source, property.initializer);
    return [{ ...value, name, doc: docstringOf(property).text, place: placeOf(source, property) }];
  });
}

/** `...siteVars.shape`, or a constant with the properties themselves. */
function spread(source: Source, { expression }: ts.SpreadAssignment): readonly Option[] {
  const name = (ts.isPropertyAccessExpression(expression) ? expression.expression : expression).getText();
  const found = findConstant(source, name);
  const literal = found === undefined ? undefined : objectLiteral(found.value);
  if (found === undefined || literal === undefined) throw unknown(source, expression, name);
  return optionsOf(found.source, literal).map((option) => ({ ...option, from: option.from ?? name }));
}

/** The literal in `z.object({ … }).refine(…)`, or a literal itself. */
function objectLiteral(expression: ts.Expression): ts.ObjectLiteralExpression | undefined {
  if (ts.isObjectLiteralExpression(expression)) return expression;
  const [first] = chainOf(expression).calls;
  const literal = first?.args[0];
  return literal !== undefined && ts.isObjectLiteralExpression(literal) ? literal : undefined;
}

/** The sentence of a check: its last argument, or the `error` of an object there. */
function messageOf({ args }: Call): string | undefined {
  const last = args.at(-1);
  if (last === undefined) return undefined;
  if (ts.isStringLiteralLike(last)) return args.length > 1 ? last.text : undefined;
  if (!ts.isObjectLiteralExpression(last)) return undefined;
  const error = last.properties.filter(ts.isPropertyAssignment).find(({ name }) => name.getText() === 'error');
  return error !== undefined && ts.isStringLiteralLike(error.initializer) ? error.initializer.text : undefined;
}

function unknown(source: Source, node: ts.Node, what: string): Error {
  return new Error(`${placeOf(source, node)}: the docs generator does not know ${what}; add it to docs/generator/schema.ts`);
}
