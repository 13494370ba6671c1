import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import type ts from 'typescript';
import { keep } from '../util/keep.js';

export type Compiler = typeof ts;

type Wrapper = (exports: object, require: NodeJS.Require, module: { exports: object }, file: string, folder: string) => void;

let loaded: Compiler | undefined;

/**
 * TypeScript 5.9, loaded when it is first asked for. Its 9 MB cost most of a second in an import; with the code
 * that V8 made of them before, kept in `cacheFolder`, a tenth.
 */
export function loadCompiler(cacheFolder: string): Compiler {
  loaded ??= load(cacheFolder);
  return loaded;
}

function load(cacheFolder: string): Compiler {
  const file = createRequire(import.meta.url).resolve('typescript');
  const cache = join(cacheFolder, `typescript-${versionOf(file)}-${process.version}.v8`);
  // The same wrapper that Node puts around a CommonJS module.
  const source = `(function (exports, require, module, __filename, __dirname) { ${readFileSync(file, 'utf8')}\n})`;
  const cachedData = readIfThere(cache);
  const script = new Script(source, { filename: file, ...(cachedData === undefined ? {} : { cachedData }) });
  const module: { exports: object } = { exports: {} };
  (script.runInThisContext() as Wrapper)(module.exports, createRequire(file), module, file, dirname(file));
  if (cachedData === undefined || script.cachedDataRejected === true) unkept = { script, cache };
  return module.exports as Compiler;
}

function versionOf(file: string): string {
  return (createRequire(file)('../package.json') as { version: string }).version;
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

let unkept: { readonly script: Script; readonly cache: string } | undefined;

/** Keeps the compiler's code for the next process. To be called once it has worked: what was needed is in it then. */
export function keepCompiler(): void {
  if (unkept !== undefined) keep(unkept.cache, unkept.script.createCachedData());
  unkept = undefined;
}
