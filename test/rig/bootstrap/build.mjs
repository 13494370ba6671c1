import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must, say } from './step.mjs';

const SOURCES = ['src', 'playbooks', 'docs/generator', 'test', 'bench', 'tsconfig.json', 'package-lock.json'];
const STAMP = 'dist/.built';

/** Puts the program into few files, into dist/cli. */
const BUNDLE = 'src/cli/bundle.mjs';

/** Builds the release of the application, into dist/app. */
const APP = 'playbooks/app/build.mjs';

/** Compiles the project and builds the application that the playbooks ship, unless nothing changed since the last time. */
export function build() {
  const started = new Date();
  const newest = Math.max(...SOURCES.filter(existsSync).map(newestIn));
  if (existsSync(STAMP) && statSync(STAMP).mtimeMs > newest) return;
  say('compiling');
  must([process.execPath, 'node_modules/typescript-native/bin/tsc', '-p', '.']);
  must([process.execPath, BUNDLE]);
  if (existsSync(APP)) must([process.execPath, APP]);
  for (const folder of SOURCES) if (existsSync(join('dist', folder))) removeOrphans(join('dist', folder));
  mkdirSync('dist', { recursive: true });
  writeFileSync(STAMP, '');
  utimesSync(STAMP, started, started); // a source that changed meanwhile is newer
}

/** The latest change in a folder, a file's removal included: that changes its folder. */
function newestIn(path) {
  const about = statSync(path);
  if (!about.isDirectory()) return about.mtimeMs;
  const below = readdirSync(path, { withFileTypes: true });
  const times = below
    .filter(({ name }) => name !== 'node_modules' && name !== 'dist')
    .map(({ name }) => newestIn(join(path, name)));
  return Math.max(about.mtimeMs, ...times);
}

/** A compiled file whose source is gone would still be run as a test. */
function removeOrphans(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) removeOrphans(path);
    const source = path.replace(/^dist\//, '').replace(/(\.d\.ts|\.js|\.js\.map)$/, '.ts');
    if (entry.isFile() && source.endsWith('.ts') && !existsSync(source)) rmSync(path);
  }
}
