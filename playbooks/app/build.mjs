// Builds the application's release: `node playbooks/app/build.mjs [FOLDER]`, into dist/app unless a folder is given.
// The folder holds all that a target needs beside Node >= 18: server.js with its modules inside, public/ and the licences of
// the modules. The same sources give the same bytes, so a hash of the folder can name the release.
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');
const target = resolve(process.argv[2] ?? join(root, 'dist/app'));

/** The bundle's text, and the folders of the packages that are in it. */
async function bundle() {
  const result = await build({
    // Names of modules stand in the bundle as seen from here: another checkout's path must not change a byte.
    absWorkingDir: root,
    entryPoints: ['playbooks/app/server.ts'],
    outfile: 'server.js',
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node18',
    charset: 'utf8',
    legalComments: 'inline',
    logLevel: 'warning',
    metafile: true,
    write: false,
  });
  const packages = Object.keys(result.metafile.inputs).flatMap(
    (path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
  );
  return { code: result.outputFiles[0].contents, packages: [...new Set(packages)].sort() };
}

/** The licence texts of the bundled packages, which ask to go with every copy. */
async function licences(packages) {
  const parts = await Promise.all(
    packages.map(async (folder) => {
      const { name, version, license } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
      const files = (await readdir(join(root, folder))).filter((file) => /^licen[cs]e/i.test(file)).sort();
      const texts = await Promise.all(files.map((file) => readFile(join(root, folder, file), 'utf8')));
      return [`${name} ${version} (${license})`, ...texts.map((text) => text.trim())].join('\n\n');
    }),
  );
  return `${parts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

const { code, packages } = await bundle();
// Made beside the target and swapped in, so that nobody ever sees half a release there.
const fresh = `${target}.${process.pid}.new`;
const old = `${target}.${process.pid}.old`;
await mkdir(fresh, { recursive: true });
await writeFile(join(fresh, 'server.js'), code);
await writeFile(join(fresh, 'LICENSES.txt'), await licences(packages));
await cp(join(here, 'public'), join(fresh, 'public'), { recursive: true });
await rename(target, old).catch((error) => {
  if (error.code !== 'ENOENT') throw error;
});
await rename(fresh, target);
await rm(old, { recursive: true, force: true });
