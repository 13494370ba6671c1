import { spawnSync } from 'node:child_process';
import { chmodSync, closeSync, openSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SNAPSHOT_FLAGS } from './snapshotFlags.js';

/** A preparation that began longer ago than this many milliseconds was ended in the middle. */
const STALE = 120_000;

/**
 * Prepares the compiler: `node prepare.js ENTRY SNAPSHOT REQUEST`. Node makes a snapshot of one text only, which may load nothing but
 * Node's own modules: so the compiler's text is put before the entry's.
 */
function main([entry = '', snapshot = '', request = '']: readonly string[]): void {
  const folder = dirname(snapshot);
  const text = `${snapshot}.cjs`;
  const fresh = `${snapshot}.new`;
  if (!begin(text)) return;
  try {
    writeFileSync(text, textOf(entry, request), { mode: 0o600 });
    const env = { ...process.env, NODE_OPTIONS: undefined };
    const { status } = spawnSync(process.execPath, [...SNAPSHOT_FLAGS, '--snapshot-blob', fresh, '--build-snapshot', text], {
      env,
      stdio: 'ignore',
    });
    if (status !== 0) return;
    // Those of other versions are 40 MB each.
    for (const name of readdirSync(folder))
      if (/^compiler-\w+\.snapshot$/.test(name) && name !== basename(snapshot)) rmSync(join(folder, name), { force: true });
    chmodSync(fresh, 0o600);
    renameSync(fresh, snapshot);
  } finally {
    rmSync(text, { force: true });
    rmSync(fresh, { force: true });
  }
}

/** Takes the place of the one that prepares. False where another one does. */
function begin(file: string): boolean {
  const begun = statSync(file, { throwIfNoEntry: false });
  if (begun !== undefined && Date.now() - begun.mtimeMs > STALE) rmSync(file, { force: true });
  try {
    closeSync(openSync(file, 'wx', 0o600));
    return true;
  } catch {
    return false;
  }
}

function textOf(entry: string, request: string): string {
  const compiler = createRequire(import.meta.url).resolve('typescript');
  const [file, folder, url] = [compiler, dirname(compiler), pathToFileURL(entry).href].map((value) => JSON.stringify(value));
  return `const bundleUrl = ${url}, warmRequest = ${request}, nodeRequire = require, compiler = { exports: {} };
(function (exports, require, module, __filename, __dirname) { ${readFileSync(compiler, 'utf8')}
})(compiler.exports, nodeRequire, compiler, ${file}, ${folder});
(function (require) { ${readFileSync(entry, 'utf8')}
})((name) => (name === 'typescript' ? compiler.exports : nodeRequire(name)));
`;
}

main(process.argv.slice(2));
