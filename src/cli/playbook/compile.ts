import type { BuildFailure, OnLoadResult, OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError } from '../../model/errors.js';
import { didYouMean } from '../../util/names.js';
import { publicNames } from './publicModules.js';

/** A playbook with all that it imports by path, as one CommonJS module. */
export interface Compiled {
  /** `module.exports = (require) => exports`; its map of lines and columns is inside. */
  readonly code: string;
  /** The files that it was made of: absolute paths. */
  readonly inputs: readonly string[];
  /** What it asks `require` for. */
  readonly names: readonly string[];
}

/** Stands for `import.meta`, which CommonJS has not. */
const META = '__importMeta';

const BANNER = 'module.exports = (require) => { "use strict"; const module = { exports: {} };';

/** Compiles a playbook; `outfile` is where its code will lie. Types are left out, not checked. Throws InputError. */
export async function compile(file: string, outfile: string): Promise<Compiled> {
  const { build, stop } = await import('esbuild');
  try {
    const { outputFiles, metafile } = await build({
      absWorkingDir: dirname(file),
      entryPoints: [file],
      outfile,
      bundle: true,
      write: false,
      metafile: true,
      format: 'cjs',
      platform: 'node',
      target: `node${process.versions.node}`,
      sourcemap: 'inline',
      sourcesContent: false,
      // One answer everywhere: what lies around the playbook must not change what it does.
      tsconfigRaw: {},
      define: { 'import.meta': META },
      banner: { js: BANNER },
      footer: { js: 'return module.exports; };' },
      logLevel: 'silent',
      plugins: [playbookModules()],
    });
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
    return {
      code: outputFiles[0]?.text ?? '',
      inputs: Object.keys(metafile.inputs).map((path) => resolve(dirname(file), path)),
      names: [...new Set(imports.map(({ path }) => path))],
    };
  } catch (error) {
    throw isFailure(error) ? faultOf(file, error) : error;
  } finally {
    await stop();
  }
}

/** Finds what a playbook imports by name, and gives each module its own `import.meta`. */
function playbookModules(): Plugin {
  return {
    name: 'playbook',
    setup: (build) => {
      build.onResolve({ filter: /^[^./]/ }, async (args) => (args.kind === 'entry-point' ? undefined : resolveName(build, args)));
      build.onLoad({ filter: /\.[cm]?[jt]s$/, namespace: 'file' }, async ({ path }) =>
        withMeta(path, await readFile(path, 'utf8')),
      );
    },
  };
}

async function resolveName(build: PluginBuild, args: OnResolveArgs): Promise<OnResolveResult | undefined> {
  const { path, kind, importer, resolveDir } = args;
  const names = publicNames();
  if (names.includes(path) || isBuiltin(path)) return { path, external: true };
  if (path.startsWith('provision/')) return { errors: [{ text: `there is no module "${path}"${didYouMean(path, names)}` }] };
  if (args.pluginData === META) return undefined;
  const found = await build.resolve(path, { kind, importer, resolveDir, pluginData: META });
  return found.errors.length > 0 ? { errors: found.errors } : { path: found.path, external: true };
}

function withMeta(path: string, text: string): OnLoadResult {
  const meta = { url: pathToFileURL(path).href, filename: path, dirname: dirname(path) };
  const head = text.includes('import.meta') ? `const ${META} = ${JSON.stringify(meta)};` : '';
  return { contents: head + text, loader: /ts$/.test(extname(path)) ? 'ts' : 'js' };
}

function isFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}

/** The first error, as the others often follow from it. Its columns count from 0, and lines from 1. */
function faultOf(file: string, failure: BuildFailure): InputError {
  const [first] = failure.errors;
  const place = first?.location;
  const where =
    place == null ? { file } : { file: resolve(dirname(file), place.file), line: place.line, column: place.column + 1 };
  const text = first?.text ?? failure.message;
  if (text.startsWith('Top-level await'))
    return new InputError('the playbook does not load: it waits (await) outside of a function', {
      where,
      hint: 'read what it needs with synchronous functions, such as readFileSync',
      cause: failure,
    });
  return new InputError(`the playbook does not load: ${text}`, { where, cause: failure });
}
