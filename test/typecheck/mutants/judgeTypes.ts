import { dirname, join, relative, resolve } from 'node:path';
import { InputError } from '../../../src/model/errors.js';
import { declarationFault, declarationOf } from '../../../src/templates/declaration.js';
import { readPieces } from '../../../src/templates/pieces.js';
import { checkFile } from '../../../src/typecheck/programFiles.js';
import type { Compiler } from '../../../src/typecheck/compiler.js';
import { createProject, templateModule, type SourceCache } from '../../../src/typecheck/project.js';
import { isRight, type Fault, type Mutant } from './mutant.js';

export interface Judge {
  readonly compiler: Compiler;
  readonly root: string;
  /** The text of every module and template, by its path relative to `root`. */
  readonly sources: ReadonlyMap<string, string>;
  readonly findTemplate: (src: string) => string | undefined;
}

/** Versions of a file that stand beside it, each for a mutant of its own: `nginx.ts` → `nginx.~17.ts`. */
const MARK = /\.~\d+(?=\.\w+$)/;

function versionOf(file: string, number: number): string {
  return file.replace(/(?=\.\w+$)/, `.~${number}`);
}

/**
 * The compiler's fault for each mutant of modules and templates, or undefined. All versions of all files are in one program,
 * so that libraries are read once. Each imports the shipped files, but for those that a mutant has got past: there whatever
 * imports the mutant is checked in a version that does.
 */
export function judgeTypes(judge: Judge, mutants: readonly Mutant[]): ReadonlyMap<Mutant, Fault> {
  const cache: SourceCache = new Map();
  const first = mutants.map((mutant, number) => ({ mutant, files: new Map([[versionOf(mutant.file, number), mutant.mutated]]) }));
  const found = check(judge, first, cache);
  const second = mutants.flatMap((mutant, number) => {
    if (found.has(mutant)) return [];
    const files = new Map([...dependents(judge, mutant.file)].map((file) => [file, judge.sources.get(file) ?? '']));
    if (files.size === 0) return [];
    files.set(mutant.file, mutant.mutated);
    const versions = [...files].map(([file, text]): [string, string] => [
      versionOf(file, number),
      withVersions(file, text, files, number),
    ]);
    return [{ mutant, files: new Map(versions) }];
  });
  return new Map([...found, ...check(judge, second, cache)]);
}

interface Case {
  readonly mutant: Mutant;
  /** The files that are checked for it. */
  readonly files: ReadonlyMap<string, string>;
}

function check(judge: Judge, cases: readonly Case[], sources: SourceCache): ReadonlyMap<Mutant, Fault> {
  const { root, compiler } = judge;
  const found = new Map<Mutant, Fault>();
  const texts = new Map<string, string>();
  for (const { mutant, files } of cases) {
    for (const [file, text] of files) {
      const fault = file.endsWith('.ejs') ? templateFault(join(root, file), text) : undefined;
      if (fault === undefined) texts.set(join(root, file), text);
      else found.set(mutant, tell(root, fault));
    }
  }
  const paths = [...texts.keys()];
  const project = createProject(compiler, {
    modules: paths.filter((path) => path.endsWith('.ts')),
    templates: paths.filter((path) => path.endsWith('.ejs')),
    overlay: { read: (path) => texts.get(path) },
    sources,
  });
  for (const { mutant, files } of cases) {
    for (const file of files.keys()) {
      if (found.has(mutant) || !texts.has(join(root, file))) continue;
      const path = join(root, file);
      const faults = checkFile(compiler, project, path.endsWith('.ejs') ? templateModule(path) : path, judge).map((one) =>
        tell(root, one),
      );
      const fault = faults.find((one) => isRight(mutant, one)) ?? faults[0];
      if (fault !== undefined) found.set(mutant, fault);
    }
  }
  return found;
}

/** What is wrong with a template before the compiler sees it. */
function templateFault(path: string, text: string): InputError | undefined {
  try {
    return declarationFault(path, text, readPieces(path, text));
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}

function tell(root: string, { message, where, hint }: InputError): Fault {
  const file = where === undefined ? '' : relative(root, where.file).replace(MARK, '');
  return {
    message: [message, hint]
      .filter((part) => part !== undefined)
      .join('\n')
      .replace(/\.~\d+(?=\.\w)/g, ''),
    file,
    line: where?.line,
  };
}

/** All modules and templates that import a module, directly or through others. */
function dependents({ sources }: Judge, file: string): ReadonlySet<string> {
  const reached = new Set<string>();
  const visit = (one: string): void => {
    for (const [other, text] of sources) {
      if (reached.has(other) || !importsOf(other, text).includes(one)) continue;
      reached.add(other);
      visit(other);
    }
  };
  visit(file);
  return reached;
}

const IMPORT = /(from\s+)(['"])(\.[^'"]+)\2/g;

function importsOf(file: string, text: string): readonly string[] {
  if (file.endsWith('.ejs')) {
    const declaration = declarationOf(text);
    return declaration === undefined ? [] : [target(file, declaration.module)];
  }
  return [...text.matchAll(IMPORT)].map(([, , , specifier = '']) => target(file, specifier));
}

function target(file: string, specifier: string): string {
  return relative('/', resolve('/', dirname(file), specifier)).replace(/\.js$/, '.ts');
}

/** The text with its imports led to the versions of a mutant. */
function withVersions(file: string, text: string, versions: ReadonlyMap<string, string>, number: number): string {
  return text.replace(IMPORT, (whole, from: string, quote: string, specifier: string) =>
    versions.has(target(file, specifier)) ? from + quote + versionOf(specifier, number) + quote : whole,
  );
}
