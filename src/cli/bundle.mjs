// Puts the compiled program and the packages that it is made of into one file: `node src/cli/bundle.mjs`, from dist/src into
// dist/cli. Node takes a quarter of a second to find and read some five hundred modules one by one.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');
const target = join(root, 'dist/cli');

/** A compiled module of the project's own. */
const own = (path) => import(pathToFileURL(join(root, 'dist/src', path)).href);

/** The module of the same name, with a table instead of a search; each module is run when it is first asked for. */
const publicModules = {
  name: 'public modules',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\bcli\/playbook\/publicModules\.js$/ }, async () => {
      const { publicFiles } = await own('util/publicFiles.js');
      const files = [...publicFiles(), ['zod', fileURLToPath(import.meta.resolve('zod'))]];
      const rows = files.map(([name, file]) => `[${JSON.stringify(name)}, () => require(${JSON.stringify(file)})],`);
      return {
        resolveDir: here,
        contents: `const table = new Map([\n${rows.join('\n')}\n]);
          export const publicNames = () => [...table.keys()];
          export const publicModules = async (names) =>
            new Map(names.flatMap((name) => (table.has(name) ? [[name, table.get(name)()]] : [])));`,
      };
    }),
};

/** Measures printable ASCII without the tables of all other characters, whose patterns take a tenth of a second to prepare. */
const stringWidth = {
  name: 'string-width',
  setup: ({ onResolve, onLoad, resolve: find }) => {
    onResolve({ filter: /^string-width$/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === 'whole') return undefined;
      const whole = await find(path, { ...from, pluginData: 'whole' });
      return { ...whole, namespace: 'quick', pluginData: undefined };
    });
    onLoad({ filter: /./, namespace: 'quick' }, ({ path }) => ({
      resolveDir: dirname(path),
      contents: `let whole;
        const stringWidth = (text, options) =>
          /^[ -~]*$/.test(text) ? text.length : (whole ??= load())(text, options);
        const load = () => { const module = require(${JSON.stringify(path)}); return module.default ?? module; };
        export default stringWidth;`,
    }));
  },
};

/** The native compiler, when Ctrl-C ends it together with this program, has nothing to say on the standard error. */
const quietCompiler = {
  name: 'quiet compiler',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\btypescript-native\/dist\/api\/syncChannel\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const contents = text.replaceAll('"inherit"', '"ignore"');
      if (contents === text) throw new Error(`${path} begins its process in another way than it did`);
      return { contents };
    }),
};

/** Native parts of packages, which may be there or not: found where the package is. */
const native = {
  name: 'native',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\.node$/ }, ({ path, resolveDir }) => {
      const [file = path] = resolve(resolveDir, path).split(sep).join('/').split('/node_modules/').slice(-1);
      return { path: file, external: true };
    }),
};

/** Bundles a compiled module, in plain ASCII; gives its text. */
async function bundle(file, { define, ...more }) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [file],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20.19',
    // Large, and seldom needed: loaded from where they are installed.
    external: ['typescript', 'esbuild', '@viz-js/viz', 'sharp'],
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [publicModules, stringWidth, quietCompiler, native],
    define: { ...define },
    ...more,
  });
  return outputFiles[0].text;
}

/** What the program prints of itself, by the names of its commands: a text need not be laid out anew each time. */
async function helpTexts() {
  const [{ program: run }, { COMMANDS }, { HELP_COLUMNS }] = await Promise.all(
    ['cli/program.js', 'cli/input/usage.js', 'cli/helpColumns.js'].map(own),
  );
  const texts = {};
  const { write, columns } = process.stdout;
  process.stdout.columns = HELP_COLUMNS;
  try {
    for (const command of ['provision', ...COMMANDS]) {
      let text = '';
      process.stdout.write = (chunk) => (text += chunk) !== undefined;
      await run([...(command === 'provision' ? [] : [command]), '--help']);
      texts[`help/${command}.txt`] = text;
    }
  } finally {
    Object.assign(process.stdout, { write, columns });
  }
  return texts;
}

const COMMON_JS = {
  format: 'cjs',
  // A function that V8 makes of a text has no `import()`.
  supported: { 'dynamic-import': false },
  banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
  define: { 'import.meta.url': 'bundleUrl', 'import.meta.dirname': '__dirname' },
};

const MODULE = {
  format: 'esm',
  banner: {
    js: "import { createRequire as createBundleRequire } from 'node:module';\nconst require = createBundleRequire(import.meta.url);",
  },
};

const program = await bundle('dist/src/cli/main.js', COMMON_JS);
const programName = `program-${createHash('sha256').update(program).digest('hex').slice(0, 16)}.cjs`;
const define = { ...COMMON_JS.define, PROGRAM: JSON.stringify(programName) };
const files = {
  'main.cjs': `#!/usr/bin/env node\n${await bundle('dist/src/cli/launch.js', { ...COMMON_JS, define })}`,
  [programName]: program.replace(/^#!.*/, ''),
  'typesWorker.js': await bundle('dist/src/cli/validation/typesWorker.js', MODULE),
  ...(await helpTexts()),
};
const fresh = `${target}.${process.pid}.new`;
await mkdir(join(fresh, 'help'), { recursive: true });
for (const [name, text] of Object.entries(files))
  await writeFile(join(fresh, name), text, { mode: name === 'main.cjs' ? 0o755 : 0o644 });
await rm(target, { recursive: true, force: true });
await rename(fresh, target);
