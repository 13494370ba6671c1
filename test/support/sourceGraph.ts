import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

/** A source file and what it imports, in whatever way: static, dynamic, `export … from`, types too. */
export interface SourceFile {
  /** Relative to the project. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

export interface Import {
  readonly specifier: string;
  /** The file of the project, for a relative one that is there. */
  readonly path: string | undefined;
  /** `import type`: it is gone when the file runs. */
  readonly typeOnly: boolean;
  readonly line: number;
}

const SKIPPED = new Set(['node_modules', 'dist']);

/** The source files below a folder of the project, in order. */
export function sourceFiles(root: string, folder: string): readonly SourceFile[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !SKIPPED.has(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return sourceFiles(root, path);
      return /\.(ts|mjs|js)$/.test(entry.name) ? [readSource(root, path)] : [];
    });
}

function readSource(root: string, path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8');
  const types = typeImports(path, text);
  const imports = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName, pos }) => ({
    specifier: fileName,
    typeOnly: types.some(({ from, to }) => pos >= from && pos < to),
    path: fileName.startsWith('.') ? resolve(root, path, fileName) : undefined,
    line: text.slice(0, pos).split('\n').length,
  }));
  return { path, text, imports };
}

/** Where the text has `import type … from` and `export type … from`. */
function typeImports(path: string, text: string): readonly { from: number; to: number }[] {
  return ts
    .createSourceFile(path, text, ts.ScriptTarget.ES2023)
    .statements.filter(
      (one) =>
        (ts.isImportDeclaration(one) && one.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword) ||
        (ts.isExportDeclaration(one) && one.isTypeOnly),
    )
    .map(({ pos, end }) => ({ from: pos, to: end }));
}

function resolve(root: string, from: string, specifier: string): string | undefined {
  const path = relative(root, join(root, dirname(from), specifier));
  return [path.replace(/\.js$/, '.ts'), path].find((candidate) => existsSync(join(root, candidate)));
}

/** Whether a file does nothing but pass on what others export. */
export function isBarrel({ path, text }: Pick<SourceFile, 'path' | 'text'>): boolean {
  const { statements } = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023);
  const passesOn = statements.some((one) => ts.isExportDeclaration(one));
  return passesOn && statements.every((one) => ts.isExportDeclaration(one) || ts.isImportDeclaration(one));
}

/** One way round for each group of files that import each other: `a → b → a`. */
export function findCycles(edges: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const cycles: (readonly string[])[] = [];
  const done = new Set<string>();
  const visit = (node: string, way: readonly string[]): void => {
    const at = way.indexOf(node);
    if (at >= 0) {
      cycles.push([...way.slice(at), node]);
      return;
    }
    if (done.has(node)) return;
    for (const next of edges.get(node) ?? []) visit(next, [...way, node]);
    done.add(node);
  };
  for (const node of edges.keys()) visit(node, []);
  return cycles;
}
