import type ts from 'typescript';
import { declarationOf, type Declaration } from '../templates/declaration.js';
import { piecesOf } from '../templates/tags.js';
import { toTypeScript } from '../templates/toTypeScript.js';
import type { Compiler } from './compiler.js';
import { ownModules } from './modules.js';

/** What a check reads instead of the files on the disk, where it answers. For what is not saved. */
export interface Overlay {
  readonly read: (path: string) => string | undefined;
}

const NO_OVERLAY: Overlay = { read: () => undefined };

/** What a template is called among the compiler's files. */
const SUFFIX = '.$template.ts';

/** A template behind one of the compiler's files. */
export interface TemplateFile {
  readonly path: string;
  readonly text: string;
  readonly declaration: Declaration | undefined;
}

/** Playbooks, roles and templates as one program of the compiler. */
export interface Project {
  readonly program: ts.Program;
  /** The template that a file of the program was made of. */
  readonly templateOf: (fileName: string) => TemplateFile | undefined;
}

export interface ProjectOptions {
  /** Absolute paths of playbooks, roles or other modules. */
  readonly modules: readonly string[];
  /** Absolute paths of templates. They must be readable by EJS. */
  readonly templates: readonly string[];
  readonly overlay?: Overlay | undefined;
  /** Whether the declarations of Node are read, which are as many as all others. Default true. */
  readonly node?: boolean | undefined;
  /** A program of before: files that say the same are not read again. */
  readonly sources?: SourceCache | undefined;
}

/** Parsed files by their paths, for several programs one after the other. */
export type SourceCache = Map<string, ts.SourceFile>;

/** The compiler's name for a template. */
export function templateModule(path: string): string {
  return path + SUFFIX;
}

/** Makes the program. It reads files; it checks nothing yet. */
export function createProject(ts: Compiler, options: ProjectOptions): Project {
  const overlay = options.overlay ?? NO_OVERLAY;
  const own = ownModules();
  const compilerOptions = optionsOf(ts, own.nodeTypes, options.node ?? true);
  const host = ts.createCompilerHost(compilerOptions);
  const readDisk = host.readFile.bind(host);
  const existsOnDisk = host.fileExists.bind(host);
  const templates = new Map<string, TemplateFile>();
  const templateText = (path: string): string | undefined => {
    const text = overlay.read(path) ?? readDisk(path);
    if (text === undefined) return undefined;
    const declaration = declarationOf(text);
    templates.set(templateModule(path), { path, text, declaration });
    return toTypeScript(declaration, piecesOf(text));
  };
  host.readFile = (path) =>
    path.endsWith(SUFFIX) ? templateText(path.slice(0, -SUFFIX.length)) : (overlay.read(path) ?? readDisk(path));
  host.fileExists = (path) => overlay.read(path) !== undefined || existsOnDisk(path);
  // Docstrings are most of what libraries declare, and say nothing about types.
  const jsDocParsingMode = ts.JSDocParsingMode.ParseNone;
  const sources = options.sources ?? new Map<string, ts.SourceFile>();
  host.getSourceFile = (path) => {
    const isLibrary = /\.d\.[cm]?ts$/.test(path);
    const before = sources.get(path);
    if (isLibrary && before !== undefined) return before;
    const text = host.readFile(path);
    if (text === undefined) return undefined;
    if (before?.text === text) return before;
    const source = ts.createSourceFile(path, text, { languageVersion: ts.ScriptTarget.ES2023, jsDocParsingMode }, !isLibrary);
    sources.set(path, source);
    return source;
  };
  const cache = ts.createModuleResolutionCache(host.getCurrentDirectory(), (name) => name, compilerOptions);
  const resolve = (specifier: string, from: string): ts.ResolvedModuleFull | undefined => {
    const named = own.provision(specifier);
    if (named !== undefined) {
      return host.fileExists(named)
        ? { resolvedFileName: named, extension: ts.Extension.Dts, isExternalLibraryImport: true }
        : undefined;
    }
    const isZod = specifier === 'zod' || specifier.startsWith('zod/');
    return ts.resolveModuleName(specifier, isZod ? own.anchor : from, compilerOptions, host, cache).resolvedModule;
  };
  // Without it, the compiler looks for package.json in every folder above every file, for each file anew.
  host.getModuleResolutionCache = () => cache;
  host.resolveModuleNameLiterals = (literals, from) => literals.map(({ text }) => ({ resolvedModule: resolve(text, from) }));
  const program = ts.createProgram({
    rootNames: [...options.modules, ...options.templates.map(templateModule)],
    options: compilerOptions,
    host,
  });
  return { program, templateOf: (fileName) => templates.get(fileName) };
}

/** Strict, whatever the project's own tsconfig.json says: one answer everywhere. Imports are found as they are at run time. */
function optionsOf(ts: Compiler, nodeTypes: string, node: boolean): ts.CompilerOptions {
  return {
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts'],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    resolveJsonModule: true,
    allowJs: true,
    types: node ? ['node'] : [],
    typeRoots: [nodeTypes],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noImplicitOverride: true,
    noFallthroughCasesInSwitch: true,
    isolatedModules: true,
    skipLibCheck: true,
    noEmit: true,
  };
}
