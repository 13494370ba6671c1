import { basename, dirname, resolve } from 'node:path';
import ts from 'typescript';
import { chainOf } from './chain.js';
import { docstringOf, findConstant, parseSource, type Source } from './source.js';

/** Docstrings of variables by their path: `users`, `users[].name`; `{}` stands for any key of a map. */
export type VariableDocs = ReadonlyMap<string, string>;

/**
 * The docstrings that stand above the variables of a playbook's schema, in its own file and in those that it takes parts
 * from (`...baseVars.shape`). What it cannot follow (a schema that a function makes) has none.
 */
export function variableDocs(playbookFile: string): VariableDocs {
  const file = resolve(playbookFile);
  const source = parseSource(dirname(file), basename(file));
  const docs = new Map<string, string>();
  const vars = varsOf(source.node);
  if (vars !== undefined) collect({ source, docs, seen: new Set() }, vars, '');
  return docs;
}

interface Walk {
  readonly source: Source;
  readonly docs: Map<string, string>;
  /** What is being looked into: a schema may hold itself. */
  readonly seen: ReadonlySet<ts.Expression>;
}

/** What `vars` is set to in `playbook({ … })`. */
function varsOf(node: ts.Node): ts.Expression | undefined {
  if (ts.isCallExpression(node) && node.expression.getText() === 'playbook') {
    const [definition] = node.arguments;
    const property =
      definition !== undefined && ts.isObjectLiteralExpression(definition)
        ? definition.properties.find((one) => one.name?.getText() === 'vars')
        : undefined;
    if (property !== undefined && ts.isPropertyAssignment(property)) return property.initializer;
    if (property !== undefined && ts.isShorthandPropertyAssignment(property)) return property.name;
  }
  return ts.forEachChild(node, varsOf);
}

/** Adds the docstrings of the variables in a schema's expression, below a path. */
function collect(walk: Walk, expression: ts.Expression, path: string): void {
  if (walk.seen.has(expression)) return;
  const inner = { ...walk, seen: new Set([...walk.seen, expression]) };
  if (ts.isObjectLiteralExpression(expression)) {
    collectKeys(inner, expression, path);
    return;
  }
  if (ts.isPropertyAccessExpression(expression)) {
    collect(inner, expression.expression, path);
    return;
  }
  if (ts.isIdentifier(expression)) {
    const found = findConstant(walk.source, expression.text);
    if (found !== undefined) collect({ ...inner, source: found.source }, found.value, path);
    return;
  }
  const { base, calls } = chainOf(expression);
  if (ts.isIdentifier(base) && base.text !== 'z') collect(inner, base, path);
  else if (ts.isCallExpression(base)) for (const argument of base.arguments) collect(inner, argument, path);
  for (const { name, args } of calls) {
    const parts = name === 'union' && args[0] !== undefined && ts.isArrayLiteralExpression(args[0]) ? args[0].elements : args;
    const below = BELOW[name];
    if (below !== undefined) for (const part of parts) collect(inner, part, path + below);
  }
}

/** The calls that take schemas, and what their values' path has more than their own. */
const BELOW: Readonly<Record<string, string>> = {
  object: '',
  strictObject: '',
  looseObject: '',
  extend: '',
  safeExtend: '',
  merge: '',
  and: '',
  intersection: '',
  union: '',
  or: '',
  optional: '',
  preprocess: '',
  array: '[]',
  record: '{}',
};

function collectKeys(walk: Walk, literal: ts.ObjectLiteralExpression, path: string): void {
  for (const property of literal.properties) {
    if (ts.isSpreadAssignment(property)) collect(walk, property.expression, path);
    if (!ts.isPropertyAssignment(property) && !ts.isShorthandPropertyAssignment(property)) continue;
    const name = property.name.getText().replace(/^['"](.*)['"]$/, '$1');
    const here = path === '' ? name : `${path}.${name}`;
    const doc = docstringOf(property).text;
    if (doc !== '') walk.docs.set(here, doc);
    collect(walk, ts.isPropertyAssignment(property) ? property.initializer : property.name, here);
  }
}
