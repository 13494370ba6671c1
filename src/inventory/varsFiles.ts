import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { InputError } from '../model/errors.js';

/** Endings of files with variables, in the order in which Ansible looks for them. */
const ENDINGS = ['', '.yml', '.yaml', '.json'] as const;

/**
 * The files with a group's or host's variables in a `group_vars` or `host_vars` folder: `NAME.yml` (or .yaml, .json, or
 * no ending), or all such files in the folder `NAME/` and its folders, in the order of their names. Ansible reads the
 * first of these that it finds and is silent about the rest; here several are an InputError.
 */
export async function varsFiles(folder: string, name: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const ending of ENDINGS) {
    const path = join(folder, name + ending);
    if (await stat(path).catch(() => undefined)) found.push(path);
  }
  const [first, second] = found;
  if (first === undefined) return [];
  if (second !== undefined) {
    throw new InputError(`${first} and ${second} are both there, and only one of them can be "${name}"`, {
      where: { file: second },
      hint: `put all files of "${name}" into the folder ${join(folder, name)}/`,
    });
  }
  return (await stat(first)).isDirectory() ? filesBelow(first) : [first];
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = (await readdir(folder)).sort();
  const files: string[] = [];
  for (const entry of entries) {
    if (entry.startsWith('.') || entry.endsWith('~')) continue;
    const path = join(folder, entry);
    if ((await stat(path)).isDirectory()) files.push(...(await filesBelow(path)));
    else if ((ENDINGS as readonly string[]).includes(extname(entry))) files.push(path);
  }
  return files;
}
