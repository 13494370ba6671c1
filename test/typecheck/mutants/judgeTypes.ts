import { dirname, join, relative, resolve } from 'node:path';
import type { InputError } from '../../../src/model/errors.js';
import { declarationOf } from '../../../src/templates/declaration.js';
import { checkTypes } from '../../../src/typecheck/checkTypes.js';
import { isRight, type Fault, type Mutant } from './mutant.js';

export interface Judge {
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
  const first = mutants.map((mutant, number) => ({ mutant, files: new Map([[versionOf(mutant.file, number), mutant.mutated]]) }));
  const found = check(judge, first);
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
  return new Map([...found, ...check(judge, second)]);
}

interface Case {
  readonly mutant: Mutant;
  /** The files that are checked for it. */
  readonly files: ReadonlyMap<string, string>;
}

function check(judge: Judge, cases: readonly Case[]): ReadonlyMap<Mutant, Fault> {
  const { root, findTemplate } = judge;
  const texts = new Map(
    cases.flatMap(({ files }) => [...files].map(([file, text]): [string, string] => [join(root, file), text])),
  );
  const paths = [...texts.keys()];
  const { faults } = checkTypes({
    modules: paths.filter((path) => path.endsWith('.ts')),
    templates: paths.filter((path) => path.endsWith('.ejs')),
    overlay: { read: (path) => texts.get(path) },
    findTemplate,
  });
  const byFile = new Map<string, Fault[]>();
  for (const fault of faults) {
    const file = fault.where?.file ?? '';
    byFile.set(file, [...(byFile.get(file) ?? []), tell(root, fault)]);
  }
  return new Map(
    cases.flatMap(({ mutant, files }) => {
      const told = [...files.keys()].flatMap((file) => byFile.get(join(root, file)) ?? []);
      const fault = told.find((one) => isRight(mutant, one)) ?? told[0];
      return fault === undefined ? [] : [[mutant, fault] as const];
    }),
  );
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
