import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { cacheFolder } from '../util/cacheFolder.js';
import { keep } from '../util/keep.js';
import { HELP_COLUMNS } from './helpColumns.js';

// Starts the bundled program as Node would, with the code that V8 made of it the last time: making it anew is half of the
// processor time of a short run.

/** The bundle's file name, with a hash of its content: V8 itself only compares lengths. `bundle.mjs` fills it in. */
declare const PROGRAM: string;

type Wrapper = (exports: object, require: NodeJS.Require, module: { exports: object }, file: string, folder: string) => void;

const folder = import.meta.dirname;
const file = join(folder, PROGRAM);
const codeFolder = join(cacheFolder(), 'code');
const codeFile = join(codeFolder, `${PROGRAM}-${process.version}-${process.arch}-${work(process.argv.slice(2))}`);

const help = keptHelp(process.argv.slice(2));
if (help === undefined) start();
else {
  // The reader of a pipe may have gone (`| head`).
  process.stdout.once('error', () => process.exit());
  process.stdout.write(help);
}

function start(): void {
  // The same wrapper that Node puts around a CommonJS module. The bundle is plain ASCII.
  const source = `(function (exports, require, module, __filename, __dirname) { ${readFileSync(file, 'latin1')}\n})`;
  const cachedData = readIfThere(codeFile);
  const script = new Script(source, { filename: file, ...(cachedData === undefined ? {} : { cachedData }) });
  const program: { exports: object } = { exports: {} };
  (script.runInThisContext() as Wrapper)(program.exports, createRequire(file), program, file, folder);

  if (cachedData === undefined || script.cachedDataRejected === true) {
    // At the end all that this kind of work needs has been made. What failed may have needed little of it.
    process.once('exit', (code) => {
      if (code === 0) keepCode(script.createCachedData());
    });
  }
}

/** The text of `provision [COMMAND] --help`, which `bundle.mjs` has kept as the program prints it where there is room. */
function keptHelp(words: readonly string[]): string | undefined {
  const [command = '', option = command] = words.length === 1 ? ['', ...words] : words;
  if (words.length > 2 || !['--help', '-h'].includes(option) || (process.stdout.columns || HELP_COLUMNS) < HELP_COLUMNS)
    return undefined;
  return /^[a-z]*$/.test(command) ? readIfThere(join(folder, 'help', `${command || 'provision'}.txt`))?.toString() : undefined;
}

/** What is done, as far as it decides which code is needed. */
function work(words: readonly string[]): string {
  if (words.some((word) => ['--help', '-h', '--version'].includes(word))) return 'help';
  const [first = ''] = words;
  return /^[a-z]+$/.test(first) ? first : 'run';
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** Keeps the code for the next process, and nothing of other builds. */
function keepCode(code: Buffer): void {
  keep(codeFile, code);
  for (const name of namesIn(codeFolder)) if (!name.startsWith(PROGRAM)) rmSync(join(codeFolder, name), { force: true });
}

function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
