import type ts from 'typescript';
import type { Compiler } from './compiler.js';
import { ownModules } from './modules.js';
import { STRICT } from './strict.js';
import { NO_OVERLAY, templateModule, textBehind, type Overlay } from './sourceTexts.js';

/** Playbooks, roles and templates as one program of the compiler that explains. */
export interface Project {
  readonly program: ts.Program;
  readonly overlay: Overlay;
}

export interface ProjectOptions {
  /** Absolute paths of playbooks, roles or other modules. */
  readonly modules: readonly string[];
  /** Absolute paths of templates. They must be readable by EJS. */
  readonly templates: readonly string[];
  readonly overlay?: Overlay | undefined;
}

/** Declarations of libraries that were parsed for a program of before, by their paths. */
const libraries = new Map<string, ts.SourceFile>();

/** Makes the program. It reads files; it checks nothing yet. */
export function createProject(ts: Compiler, { modules, templates, overlay = NO_OVERLAY }: ProjectOptions): Project {
  const own = ownModules();
  const options = optionsOf(ts, own.nodeTypes);
  const host = ts.createCompilerHost(options);
  const readDisk = host.readFile.bind(host);
  const existsOnDisk = host.fileExists.bind(host);
  host.readFile = (path) => textBehind(path, overlay) ?? readDisk(path);
  host.fileExists = (path) => overlay.read(path) !== undefined || existsOnDisk(path);
  // Docstrings are most of what libraries declare, and say nothing about types.
  const jsDocParsingMode = ts.JSDocParsingMode.ParseNone;
  host.getSourceFile = (path) => {
    const isLibrary = /\.d\.[cm]?ts$/.test(path);
    const before = libraries.get(path);
    if (before !== undefined) return before;
    const text = host.readFile(path);
    if (text === undefined) return undefined;
    const source = ts.createSourceFile(path, text, { languageVersion: ts.ScriptTarget.ES2023, jsDocParsingMode }, !isLibrary);
    if (isLibrary) libraries.set(path, source);
    return source;
  };
  const cache = ts.createModuleResolutionCache(host.getCurrentDirectory(), (name) => name, options);
  const resolve = (specifier: string, from: string): ts.ResolvedModuleFull | undefined => {
    const named = own.provision.get(specifier);
    if (named !== undefined) {
      return host.fileExists(named)
        ? { resolvedFileName: named, extension: ts.Extension.Dts, isExternalLibraryImport: true }
        : undefined;
    }
    const isZod = specifier === 'zod' || specifier.startsWith('zod/');
    return ts.resolveModuleName(specifier, isZod ? own.anchor : from, options, host, cache).resolvedModule;
  };
  // Without it, the compiler looks for package.json in every folder above every file, for each file anew.
  host.getModuleResolutionCache = () => cache;
  host.resolveModuleNameLiterals = (literals, from) => literals.map(({ text }) => ({ resolvedModule: resolve(text, from) }));
  const program = ts.createProgram({ rootNames: [...modules, ...templates.map(templateModule)], options, host });
  return { program, overlay };
}

/** The same as those of the compiler that judges. Imports are found as they are at run time. */
function optionsOf(ts: Compiler, nodeTypes: string): ts.CompilerOptions {
  return {
    ...STRICT,
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts'],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: ['node'],
    typeRoots: [nodeTypes],
  };
}
