import type ts from 'typescript';
import { readFileSync } from 'node:fs';
import { mergeSnapshots, snapshotOf, stillClean, type Snapshot } from './cache.js';
import type { Compiler } from './compiler.js';
import { checkFile, describeFile, ownModulesOf, realFile, type FindTemplate } from './programFiles.js';
import { createProject, templateModule, type SourceCache } from './project.js';
import { shapeOf, visibleText } from './shape.js';
import { templatesGiven } from './templateCalls.js';

export interface ChangedOptions extends FindTemplate {
  readonly modules: readonly string[];
  /** Those that the compiler can be given. */
  readonly templates: readonly string[];
  /** Declarations of libraries that were parsed before. */
  readonly sources?: SourceCache | undefined;
}

/** What only the declarations of Node explain. One that is missing here costs time, not truth: its fault calls for the whole check. */
const NODE =
  /['"]node:|\b(?:process|Buffer|console|NodeJS|require|URL|URLSearchParams|fetch|performance|structuredClone)\b|\bset(?:Timeout|Interval|Immediate)\b/;

/** What changes the types of files that do not import it. */
const GLOBAL = /\bdeclare\s+(?:global|module)\b/;

/**
 * Checks only what changed since a result without a fault, in a program of that and what it imports: a fraction of the
 * whole. Gives what is to be kept; undefined where that is not enough to say that all is well.
 */
export function checkChanged(compiler: Compiler, before: Snapshot, options: ChangedOptions): Snapshot | undefined {
  const { templates } = options;
  const files = [...new Set([...options.modules, ...templates, ...Object.keys(before.own)])];
  const texts = new Map(files.map((file) => [file, textOf(file)]));
  if ([...texts.values()].some((text) => text === undefined || GLOBAL.test(text))) return undefined;
  const clean = stillClean(before, (file) =>
    templates.includes(file) ? undefined : shapeOf(compiler, parse(compiler, file, texts.get(file) ?? '')),
  );
  const open = files.filter((file) => !clean.has(file));
  if (open.length === 0 || open.length > files.length / 2) return undefined;
  const sources = options.sources ?? new Map<string, ts.SourceFile>();
  const modules = open.filter((file) => !templates.includes(file));
  const changed = open.filter((file) => templates.includes(file));
  // What a module gives to a template is judged by the type that the template names.
  const given = modules.flatMap((file) =>
    templatesGiven(compiler, parse(compiler, file, texts.get(file) ?? ''), options.findTemplate).map(({ template }) => template),
  );
  const request = { modules, templates: [...new Set([...changed, ...given.filter((one) => templates.includes(one))])], sources };
  const node = modules.some((file) => NODE.test(texts.get(file) ?? ''));
  const first = createProject(compiler, { ...request, node });
  // Of a module that was never seen, nothing is known.
  if (ownModulesOf(first).some((name) => !texts.has(name))) return undefined;
  const shown = ownModulesOf(first).some((name) => {
    const source = first.program.getSourceFile(name);
    return source !== undefined && (clean.has(name) ? showsNode(compiler, source) : NODE.test(source.text));
  });
  const project = shown && !node ? createProject(compiler, request) : first;
  const checked = [...ownModulesOf(project), ...changed.map(templateModule)].filter(
    (name) => !clean.has(realFile(project, name)),
  );
  if (checked.some((name) => checkFile(compiler, project, name, options).length > 0)) return undefined;
  const part = snapshotOf(
    project.program,
    (name) => realFile(project, name),
    (source) => describeFile(compiler, project, source, options),
    [...clean, ...checked.map((name) => realFile(project, name))],
  );
  return mergeSnapshots(before, part, [...options.modules, ...templates]);
}

/** Whether what others can see of a module has to do with Node: its own insides are not checked again. */
function showsNode(compiler: Compiler, source: ts.SourceFile): boolean {
  const imports = source.statements.filter((one) => compiler.isImportDeclaration(one));
  const names = imports
    .filter((one) => compiler.isStringLiteral(one.moduleSpecifier) && one.moduleSpecifier.text.startsWith('node:'))
    .flatMap((one) => one.importClause?.getText(source).match(/\w+/g) ?? []);
  const text = visibleText(compiler, source, (node) => compiler.isImportDeclaration(node));
  return NODE.test(text) || names.some((name) => new RegExp(`\\b${name}\\b`).test(text));
}

function parse(compiler: Compiler, file: string, text: string): ts.SourceFile {
  return compiler.createSourceFile(file, text, { languageVersion: compiler.ScriptTarget.ES2023 }, true);
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
