import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../util/cacheFolder.js';
import { sha256 } from '../../util/hash.js';
import { writeWhole } from '../../util/writeWhole.js';
import { packageVersion } from '../version.js';
import { compile } from './compile.js';

/** What says whether a kept playbook is still what its files say. */
interface Kept {
  /** The name of the file with the code. */
  readonly code: string;
  /** What it asks `require` for. */
  readonly names: readonly string[];
  /** The SHA-256 of every file that it was made of, by absolute path. */
  readonly inputs: Readonly<Record<string, string>>;
}

export interface CompiledFile {
  /** A CommonJS file: `module.exports = (require) => exports`. */
  readonly path: string;
  /** What it asks `require` for. */
  readonly names: readonly string[];
}

/**
 * The file with a playbook's code, which is compiled anew only when one of its files has changed. `file` is absolute.
 * Throws InputError for a playbook that cannot be compiled, and what the file system says where nothing can be kept.
 */
export async function compiledPlaybook(file: string, folder = join(cacheFolder(), 'playbooks')): Promise<CompiledFile> {
  const name = sha256(`${packageVersion()} ${process.version} ${file}`).slice(0, 16);
  const index = join(folder, `${name}.json`);
  const before = read(index);
  if (before !== undefined && isCurrent(before, folder)) return { path: join(folder, before.code), names: before.names };
  const { code, inputs, names } = await compile(file, join(folder, `${name}.cjs`));
  const sums = inputs.map((path) => [path, sumOf(path) ?? ''] as const);
  // Another content has another name: a process that has loaded the old one, or is about to, is not disturbed.
  const kept: Kept = { code: `${name}-${sha256(code).slice(0, 16)}.cjs`, names, inputs: Object.fromEntries(sums) };
  writeWhole(join(folder, kept.code), code);
  writeWhole(index, JSON.stringify(kept));
  if (before !== undefined && before.code !== kept.code) rmSync(join(folder, before.code), { force: true });
  return { path: join(folder, kept.code), names };
}

function read(index: string): Kept | undefined {
  try {
    return JSON.parse(readFileSync(index, 'utf8')) as Kept;
  } catch {
    return undefined;
  }
}

function isCurrent({ code, inputs }: Kept, folder: string): boolean {
  return sumOf(join(folder, code)) !== undefined && Object.entries(inputs).every(([path, sum]) => sumOf(path) === sum);
}

function sumOf(path: string): string | undefined {
  try {
    return sha256(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
