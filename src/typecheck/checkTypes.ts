import { readFileSync } from 'node:fs';
import { InputError } from '../model/errors.js';
import { declarationFault } from '../templates/declaration.js';
import { readPieces } from '../templates/pieces.js';
import { readSnapshot, snapshotFile, snapshotOf, stillClean, writeSnapshot } from './cache.js';
import { checkChanged } from './checkChanged.js';
import { keepCompiler, loadCompiler } from './compiler.js';
import { checkFile, describeFile, ownModulesOf, realFile, type FindTemplate } from './programFiles.js';
import { createProject, templateModule, type SourceCache } from './project.js';
import { shapeOf } from './shape.js';

export interface TypeCheckOptions extends FindTemplate {
  /** Absolute paths of playbooks and roles; the modules that they import are checked with them. */
  readonly modules: readonly string[];
  /** Absolute paths of templates. */
  readonly templates: readonly string[];
  /** Where the last result is kept, and the compiler's code. */
  readonly cacheFolder: string;
  /** Of this package: another one's results do not count. */
  readonly version: string;
  /** Declarations of libraries that were parsed before. What is read is added to it. */
  readonly sources?: SourceCache | undefined;
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
  const part = before === undefined || faults.length > 0 ? undefined : checkChanged(compiler, before, options);
  if (part !== undefined) {
    writeSnapshot(file, part);
    keepCompiler();
    return { faults: [], modules: Object.keys(part.own).filter((one) => !options.templates.includes(one)) };
  }
  const project = createProject(compiler, { modules: options.modules, templates: readable, sources: options.sources });
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
