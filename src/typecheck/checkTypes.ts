import type ts from 'typescript';
import { readFileSync } from 'node:fs';
import { InputError } from '../model/errors.js';
import { declarationFault } from '../templates/declaration.js';
import { readPieces } from '../templates/pieces.js';
import { readSnapshot, snapshotFile, snapshotOf, stillClean, writeSnapshot, type FileDescription } from './cache.js';
import { keepCompiler, loadCompiler, type Compiler } from './compiler.js';
import { faultsOf } from './faults.js';
import { createProject, templateModule, type Project } from './project.js';
import { shapeOf } from './shape.js';
import { templateCallFaults, templatesGiven } from './templateCalls.js';

export interface TypeCheckOptions {
  /** Absolute paths of playbooks and roles; the modules that they import are checked with them. */
  readonly modules: readonly string[];
  /** Absolute paths of templates. */
  readonly templates: readonly string[];
  /** The template that a task's `src` means for a playbook, or undefined. */
  readonly findTemplate: (src: string) => string | undefined;
  /** Where the last result is kept, and the compiler's code. */
  readonly cacheFolder: string;
  /** Of this package: another one's results do not count. */
  readonly version: string;
}

export interface TypeCheckResult {
  readonly faults: readonly InputError[];
  /** Those modules, and what of the project they import. */
  readonly modules: readonly string[];
}

/**
 * Type-checks playbooks, what they import, and templates. What has no fault and has not changed since the last time, nor
 * anything that it stands on, is not checked again.
 */
export function checkTypes(options: TypeCheckOptions): TypeCheckResult {
  const { cacheFolder } = options;
  const { readable, faults } = readTemplates(options.templates);
  const file = snapshotFile(cacheFolder, options.version, [...options.modules, ...options.templates]);
  const before = readSnapshot(file);
  const compiler = loadCompiler(cacheFolder);
  const project = createProject(compiler, { modules: options.modules, templates: readable });
  const modules = ownModulesOf(project);
  const shapeNow = (one: string): string | undefined => {
    const source = project.program.getSourceFile(one);
    return source === undefined ? undefined : shapeOf(compiler, source);
  };
  const clean = before === undefined ? new Set<string>() : stillClean(before, shapeNow);
  const checked = [...modules, ...readable.map(templateModule)].filter((name) => !clean.has(realFile(project, name)));
  const found = new Map(checked.map((name) => [name, checkFile(compiler, project, name, options)]));
  faults.push(...[...found.values()].flat());
  const wrong = new Set([...found].flatMap(([name, list]) => (list.length > 0 ? [realFile(project, name)] : [])));
  const all = [...modules, ...readable];
  writeSnapshot(
    file,
    snapshotOf(
      project.program,
      (name) => realFile(project, name),
      (source) => describeFile(compiler, project, source, options),
      all.filter((one) => !wrong.has(one)),
    ),
  );
  keepCompiler();
  return { faults, modules };
}

/** The result without a check, where nothing has changed since one that found no fault. It needs no compiler. */
export function unchangedResult(options: Omit<TypeCheckOptions, 'findTemplate'>): TypeCheckResult | undefined {
  const { modules, templates } = options;
  const before = readSnapshot(snapshotFile(options.cacheFolder, options.version, [...modules, ...templates]));
  if (before === undefined) return undefined;
  const clean = stillClean(before);
  if (![...Object.keys(before.own), ...modules, ...templates].every((file) => clean.has(file))) return undefined;
  return { faults: [], modules: Object.keys(before.own).filter((file) => !templates.includes(file)) };
}

/** The faults of one file of a program: the compiler's, and those of the variables that it gives to templates. */
export function checkFile(
  compiler: Compiler,
  project: Project,
  name: string,
  { findTemplate }: Pick<TypeCheckOptions, 'findTemplate'>,
): readonly InputError[] {
  const faults = faultsOf(compiler, project, name);
  if (faults.length > 0 || project.templateOf(name) !== undefined) return faults;
  return templateCallFaults(compiler, project, name, findTemplate);
}

/** Templates that the compiler can be given, and the faults of the others. */
function readTemplates(templates: readonly string[]): { readable: readonly string[]; faults: InputError[] } {
  const readable: string[] = [];
  const faults: InputError[] = [];
  for (const file of templates) {
    try {
      const text = readFileSync(file, 'utf8');
      const fault = declarationFault(file, text, readPieces(file, text));
      if (fault === undefined) readable.push(file);
      else faults.push(fault);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      faults.push(error);
    }
  }
  return { readable, faults };
}

/** The modules of the program that are neither a library's nor a template. */
function ownModulesOf({ program, templateOf }: Project): readonly string[] {
  return program
    .getSourceFiles()
    .filter((source) => !source.isDeclarationFile && !/\.(?:[cm]?js|json)$/.test(source.fileName))
    .filter((source) => templateOf(source.fileName) === undefined && !source.fileName.includes('/node_modules/'))
    .map(({ fileName }) => fileName);
}

function realFile({ templateOf }: Project, name: string): string {
  return templateOf(name)?.path ?? name;
}

function describeFile(
  ts: Compiler,
  { program }: Project,
  source: ts.SourceFile,
  { findTemplate }: TypeCheckOptions,
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
