import { existsSync, readdirSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { InputError } from '../model/errors.js';
import type { PrepareEnvironment } from '../model/task.js';
import { didYouMean } from '../util/names.js';
import { packageRoot } from '../util/packageRoot.js';

/**
 * Finds a playbook's local files: in `templates/` (or `files/`) beside the playbook, then beside its folder, then in
 * this package, which brings those of its own roles.
 */
export function prepareEnvironment(playbookFile: string): PrepareEnvironment {
  const home = dirname(resolve(playbookFile));
  return {
    resolve: (path, folder) => {
      if (isAbsolute(path)) return found(path, [path], folder);
      const folders = [join(home, folder), join(home, '..', folder), join(packageRoot(), folder)];
      if (folder === 'files') folders.push(home, join(home, '..'), packageRoot());
      return found(
        path,
        folders.map((one) => join(one, path)),
        folder,
      );
    },
  };
}

function found(path: string, candidates: readonly string[], folder: string): string {
  const hit = candidates.find((candidate) => existsSync(candidate));
  if (hit !== undefined) return hit;
  const folders = [...new Set(candidates.map((candidate) => dirname(candidate)))];
  const names = folders.filter((one) => existsSync(one)).flatMap((one) => readdirSync(one));
  throw new InputError(`no ${folder === 'templates' ? 'template' : 'file'} "${path}"${didYouMean(path, names)}`, {
    hint: `looked in ${folders.map(shown).join(', ')}`,
  });
}

function shown(folder: string): string {
  const below = relative(process.cwd(), folder);
  if (!below.startsWith('..')) return below || '.';
  const own = relative(packageRoot(), folder);
  return own.startsWith('..') ? folder : `${own || 'the folder'} of provision itself`;
}
