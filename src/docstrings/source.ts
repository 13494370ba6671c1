import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { packageRoot } from '../util/packageRoot.js';

/** A source file, parsed. Nothing is compiled: its docstrings can be read while the code does not compile. */
export interface Source {
  /** Relative to `root`: `src/tasks/file.ts`. */
  readonly path: string;
  /** The project's folder. */
  readonly root: string;
  readonly node: ts.SourceFile;
}

const parsed = new Map<string, ts.SourceFile>();

/** Parses a file of the project; once, as long as it says the same. */
export function parseSource(root: string, path: string): Source {
  const file = join(root, path);
  const text = readFileSync(file, 'utf8');
  const before = parsed.get(file);
  const node = before?.text === text ? before : ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  parsed.set(file, node);
  return { path, root, node };
}

/** A docstring: its text as Markdown, in one line a paragraph, and its `@example`s. */
export interface Docstring {
  readonly text: string;
  readonly examples: readonly string[];
}

/** The docstring in front of a statement or property; empty where it has none. */
export function docstringOf(node: ts.Node): Docstring {
  const docs = ts.getJSDocCommentsAndTags(node);
  const own = docs.filter(ts.isJSDoc).at(-1);
  const tags = docs.flatMap((doc) => (ts.isJSDoc(doc) ? (doc.tags ?? []) : [doc]));
  return {
    text: flow(ts.getTextOfJSDocComment(own?.comment) ?? ''),
    examples: tags.flatMap((tag) => (tag.tagName.text === 'example' ? [ts.getTextOfJSDocComment(tag.comment) ?? ''] : [])),
  };
}

/** Joins the lines of each paragraph; lines of a list stay. */
function flow(text: string): string {
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim().replaceAll(/\s*\n\s*(?!- )/g, ' '))
    .join('\n\n');
}

/** A `const` of a file: where it stands and what it is set to. */
export interface Constant {
  readonly source: Source;
  readonly statement: ts.VariableStatement;
  readonly name: string;
  readonly value: ts.Expression;
  readonly exported: boolean;
}

/** All constants at the top of a file, in its order. */
export function constantsOf(source: Source): readonly Constant[] {
  return source.node.statements
    .filter(ts.isVariableStatement)
    .flatMap((statement) =>
      statement.declarationList.declarations.flatMap(({ name, initializer }) =>
        ts.isIdentifier(name) && initializer !== undefined
          ? [{ source, statement, name: name.text, value: initializer, exported: isExported(statement) }]
          : [],
      ),
    );
}

/** What a name stands for: a constant of the file, or of the file of the project that it is imported from. */
export function findConstant(source: Source, name: string): Constant | undefined {
  const own = constantsOf(source).find((one) => one.name === name);
  if (own !== undefined) return own;
  const from = importOf(source, name);
  if (from === undefined) return undefined;
  return findConstant(parseSource(source.root, from.path), from.name);
}

/** The file of the project (and the name there) that an imported name comes from. */
function importOf(source: Source, local: string): { path: string; name: string } | undefined {
  for (const { path, names } of importsOf(source)) {
    const name = names.get(local);
    if (path !== undefined && name !== undefined) return { path, name };
  }
  return undefined;
}

/** An import of a file. */
export interface Import {
  /** As it is written: `../model/task.js`, `provision/task`, `zod`. */
  readonly specifier: string;
  /** The file of the project behind it, where it is one. */
  readonly path: string | undefined;
  /** What is imported: local names and the names over there. */
  readonly names: ReadonlyMap<string, string>;
}

/** The imports of a file, in its order. */
export function importsOf(source: Source): readonly Import[] {
  return source.node.statements.filter(ts.isImportDeclaration).flatMap(({ moduleSpecifier, importClause }) => {
    if (!ts.isStringLiteral(moduleSpecifier)) return [];
    const bindings = importClause?.namedBindings;
    const elements = bindings !== undefined && ts.isNamedImports(bindings) ? bindings.elements : [];
    const names = new Map(elements.map(({ name, propertyName }) => [name.text, propertyName?.text ?? name.text]));
    return [{ specifier: moduleSpecifier.text, path: pathOf(source, moduleSpecifier.text), names }];
  });
}

function pathOf({ root, path }: Source, specifier: string): string | undefined {
  const file = specifier.startsWith('.') ? relative(root, join(root, dirname(path), specifier)) : publicFile(root, specifier);
  const typescript = file?.replace(/\.js$/, '.ts');
  return typescript !== undefined && existsSync(join(root, typescript)) ? typescript : undefined;
}

/** The source of one of the package's own exports, relative to `root`: `provision/tasks/file` → `src/tasks/file.ts`. */
function publicFile(root: string, specifier: string): string | undefined {
  for (const home of new Set([root, packageRoot()])) {
    const { name, exports = {} } = packageOf(home);
    if (name === undefined || !specifier.startsWith(`${name}/`)) continue;
    const wanted = `.${specifier.slice(name.length)}`;
    const [from, to] =
      Object.entries(exports).find(([key]) => key === wanted || (key.endsWith('*') && wanted.startsWith(key.slice(0, -1)))) ?? [];
    if (from === undefined || to === undefined) return undefined;
    return relative(root, join(home, to.replace('*', wanted.slice(from.length - 1)).replace(/^\.\/dist\//, '')));
  }
  return undefined;
}

interface PackageFile {
  readonly name?: string;
  readonly exports?: Readonly<Record<string, string>>;
}

function packageOf(root: string): PackageFile {
  const file = join(root, 'package.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as PackageFile) : {};
}

export function isExported(statement: ts.Statement): boolean {
  return (
    ts.canHaveModifiers(statement) && (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
  );
}

/** `src/tasks/file.ts:12`, for messages. */
export function placeOf(source: Source, node: ts.Node): string {
  return `${source.path}:${source.node.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}
