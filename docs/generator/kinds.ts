import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describeSchema, type Option } from './schema.js';
import { constantsOf, docstringOf, findConstant, parseSource, type Constant } from '../../src/docstrings/source.js';

/** A kind of task, as its source describes it. */
export interface Kind {
  /** The function that makes its tasks. */
  readonly name: string;
  /** The word in front of a task's subject on the screen. */
  readonly kind: string;
  readonly doc: string;
  readonly examples: readonly string[];
  readonly options: readonly Option[];
  /** What must be true of its options together. */
  readonly rules: readonly string[];
  /** `src/tasks/file.ts` */
  readonly path: string;
}

/** Where the kinds are: a file each. */
const KINDS_FOLDER = 'src/tasks';

/** All kinds of task of the project, by name. */
export function readKinds(root: string): readonly Kind[] {
  return readdirSync(join(root, KINDS_FOLDER))
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => constantsOf(parseSource(root, `${KINDS_FOLDER}/${file}`)).flatMap((constant) => kindOf(constant) ?? []))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function kindOf({ source, statement, name, value, exported }: Constant): Kind | undefined {
  if (!exported || !ts.isCallExpression(value) || value.expression.getText() !== 'defineTask') return undefined;
  const [definition] = value.arguments;
  if (definition === undefined || !ts.isObjectLiteralExpression(definition)) return undefined;
  const kind = property(definition, 'kind');
  const options = property(definition, 'options');
  if (kind === undefined || !ts.isStringLiteral(kind) || options === undefined)
    throw new Error(`${source.path}: the docs generator finds no kind and options in ${name}`);
  const found = findConstant(source, options.getText());
  const schema = describeSchema(found?.source ?? source, found?.value ?? options);
  const { text, examples } = docstringOf(statement);
  return { name, kind: kind.text, doc: text, examples, options: schema.nested, rules: schema.rules, path: source.path };
}

/** What a key of an object literal is set to; `{ options }` is the constant of that name. */
function property(literal: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  for (const one of literal.properties) {
    if (one.name?.getText() !== name) continue;
    if (ts.isPropertyAssignment(one)) return one.initializer;
    if (ts.isShorthandPropertyAssignment(one)) return one.name;
  }
  return undefined;
}
