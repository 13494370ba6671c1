import type ts from 'typescript';
import type { InputError } from '../model/errors.js';
import type { FileDescription } from './cache.js';
import type { Compiler } from './compiler.js';
import { faultsOf } from './faults.js';
import type { Project } from './project.js';
import { shapeOf } from './shape.js';
import { templateCallFaults, templatesGiven } from './templateCalls.js';

export interface FindTemplate {
  /** The template that a task's `src` means for a playbook, or undefined. */
  readonly findTemplate: (src: string) => string | undefined;
}

/** The faults of one file of a program: the compiler's, and those of the variables that it gives to templates. */
export function checkFile(
  compiler: Compiler,
  project: Project,
  name: string,
  { findTemplate }: FindTemplate,
): readonly InputError[] {
  const faults = faultsOf(compiler, project, name);
  if (faults.length > 0 || project.templateOf(name) !== undefined) return faults;
  return templateCallFaults(compiler, project, name, findTemplate);
}

/** The modules of the program that are neither a library's nor a template. */
export function ownModulesOf({ program, templateOf }: Project): readonly string[] {
  return program
    .getSourceFiles()
    .filter((source) => !source.isDeclarationFile && !/\.(?:[cm]?js|json)$/.test(source.fileName))
    .filter((source) => templateOf(source.fileName) === undefined && !source.fileName.includes('/node_modules/'))
    .map(({ fileName }) => fileName);
}

/** The user's file behind one of the program's. */
export function realFile({ templateOf }: Project, name: string): string {
  return templateOf(name)?.path ?? name;
}

/** What a module of the program is to others, and others to it. */
export function describeFile(
  ts: Compiler,
  { program }: Project,
  source: ts.SourceFile,
  { findTemplate }: FindTemplate,
): FileDescription {
  const checker = program.getTypeChecker();
  const literals = source.statements.flatMap((statement) =>
    (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) && statement.moduleSpecifier !== undefined
      ? [statement.moduleSpecifier]
      : [],
  );
  const files = literals.flatMap(
    (literal) => checker.getSymbolAtLocation(literal)?.declarations?.map((one) => one.getSourceFile()) ?? [],
  );
  return {
    shape: shapeOf(ts, source),
    imports: files.filter((one) => !one.isDeclarationFile).map(({ fileName }) => fileName),
    given: templatesGiven(ts, source, findTemplate).map(({ template }) => template),
  };
}
