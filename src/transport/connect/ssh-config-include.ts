import { readdir, readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { matchesPattern } from './host-pattern.js';

/**
 * The configuration as one text: the user's file, and behind it the system's, as the first value of an option counts.
 * `onFile` is told of each file.
 */
export async function configText(configFile: string | undefined, onFile?: (file: string) => void): Promise<string> {
  const folder = join(userInfo().homedir, '.ssh');
  if (configFile === 'none') return '';
  if (configFile !== undefined) return readWithIncludes(configFile, folder, onFile);
  const own = await readWithIncludes(join(folder, 'config'), folder, onFile);
  return `${own}\nHost *\n${await readWithIncludes('/etc/ssh/ssh_config', '/etc/ssh', onFile)}`;
}

/** As deep as OpenSSH follows. */
const DEEPEST = 16;

/**
 * The text of an ssh_config file with its Include lines replaced by what they name; a file that cannot be read is empty.
 * The block that an Include stands in goes on behind it. (Host lines of a file that is included in a block which does not
 * apply are taken as if it did: only OpenSSH itself gets that right.) `folder` is where relative names are looked for;
 * `onFile` is told of each file.
 */
async function readWithIncludes(file: string, folder: string, onFile?: (file: string) => void, depth = 0): Promise<string> {
  onFile?.(file);
  const lines: string[] = [];
  let block = 'Host *';
  for (const line of (await textOf(file)).split('\n')) {
    if (/^\s*(?:host|match)[\s=]/i.test(line)) block = line;
    const names = /^\s*include(?:\s*=\s*|\s+)(.*\S)/i.exec(line)?.[1];
    if (names === undefined) lines.push(line);
    else if (depth < DEEPEST) {
      for (const included of await filesOf(names, folder))
        lines.push(await readWithIncludes(included, folder, onFile, depth + 1), block);
    }
  }
  return lines.join('\n');
}

/** The files that an Include line names; wildcards may stand in the last part of a path. */
async function filesOf(names: string, folder: string): Promise<string[]> {
  const words = [...names.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');
  const found: string[] = [];
  for (const word of words) {
    const plain = word.replace(/^~(?=\/)/, userInfo().homedir);
    const path = isAbsolute(plain) ? plain : join(folder, plain);
    if (!/[*?]/.test(basename(path))) found.push(path);
    else found.push(...(await matching(dirname(path), basename(path))));
  }
  return found;
}

async function matching(folder: string, pattern: string): Promise<string[]> {
  try {
    const names = await readdir(folder);
    return names
      .filter((name) => !name.startsWith('.') && matchesPattern(name, pattern))
      .sort()
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return '';
  }
}
