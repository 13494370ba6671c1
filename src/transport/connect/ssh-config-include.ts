import { readdirSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { matchesPattern } from './host-pattern.js';

/**
 * The configuration as one text: the user's file, and behind it the system's, as the first value of an option counts.
 * `onFile` is told of each file. It is read at one go: these are a few small files, and `ssh` can be asked all the sooner.
 */
export function configText(configFile: string | undefined, onFile?: (file: string) => void): string {
  const folder = join(userInfo().homedir, '.ssh');
  if (configFile === 'none') return '';
  if (configFile !== undefined) return readWithIncludes(configFile, folder, onFile);
  const own = readWithIncludes(join(folder, 'config'), folder, onFile);
  return `${own}\nHost *\n${readWithIncludes('/etc/ssh/ssh_config', '/etc/ssh', onFile)}`;
}

/** As deep as OpenSSH follows. */
const DEEPEST = 16;

/**
 * The text of an ssh_config file with its Include lines replaced by what they name; a file that cannot be read is empty.
 * The block that an Include stands in goes on behind it. (Host lines of a file that is included in a block which does not
 * apply are taken as if it did: only OpenSSH itself gets that right.) `folder` is where relative names are looked for;
 * `onFile` is told of each file.
 */
function readWithIncludes(file: string, folder: string, onFile?: (file: string) => void, depth = 0): string {
  onFile?.(file);
  const lines: string[] = [];
  let block = 'Host *';
  for (const line of textOf(file).split('\n')) {
    if (/^\s*(?:host|match)[\s=]/i.test(line)) block = line;
    const names = /^\s*include(?:\s*=\s*|\s+)(.*\S)/i.exec(line)?.[1];
    if (names === undefined) lines.push(line);
    else if (depth < DEEPEST) {
      for (const included of filesOf(names, folder)) lines.push(readWithIncludes(included, folder, onFile, depth + 1), block);
    }
  }
  return lines.join('\n');
}

/** The files that an Include line names; wildcards may stand in the last part of a path. */
function filesOf(names: string, folder: string): string[] {
  const words = [...names.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');
  const found: string[] = [];
  for (const word of words) {
    const plain = word.replace(/^~(?=\/)/, userInfo().homedir);
    const path = isAbsolute(plain) ? plain : join(folder, plain);
    if (!/[*?]/.test(basename(path))) found.push(path);
    else found.push(...matching(dirname(path), basename(path)));
  }
  return found;
}

function matching(folder: string, pattern: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !name.startsWith('.') && matchesPattern(name, pattern))
      .sort()
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
