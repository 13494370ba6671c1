import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { InputError } from '../../model/errors.js';
import { didYouMean } from '../../util/names.js';
import { packageRoot } from '../../util/packageRoot.js';
import { COMMANDS } from './usage.js';

const DEFAULT = join('playbooks', 'site.ts');

/**
 * The playbook files to run: those named, or `playbooks/site.ts` of the working folder or of one above it, or the
 * package's own. A name may leave out `playbooks/` and `.ts`.
 */
export function playbookFiles(named: readonly string[], cwd: string = process.cwd()): readonly string[] {
  if (named.length > 0) return named.map((name) => find(name, cwd));
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, DEFAULT))) return [join(folder, DEFAULT)];
    if (folder === dirname(folder)) break;
  }
  const own = join(packageRoot(), DEFAULT);
  if (existsSync(own)) return [own];
  throw new InputError(`no playbook was named, and there is no ${DEFAULT} here or in a folder above`, {
    hint: 'provision -i INVENTORY PLAYBOOK.ts',
  });
}

function find(name: string, cwd: string): string {
  const found = [name, `${name}.ts`, join('playbooks', name), join('playbooks', `${name}.ts`)]
    .map((path) => resolve(cwd, path))
    .find((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
  if (found !== undefined) return found;
  const there = playbooksIn(join(cwd, 'playbooks'));
  throw new InputError(
    `no such command or playbook file: ${name}${didYouMean(name, [...COMMANDS, ...there, ...there.map((file) => basename(file, extname(file)))])}`,
    {
      hint:
        there.length === 0
          ? `commands: ${COMMANDS.join(', ')}`
          : `commands: ${COMMANDS.join(', ')}; playbooks: ${there.join(', ')}`,
    },
  );
}

function playbooksIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[cm]?[jt]s$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map((entry) => join('playbooks', entry.name))
    .sort();
}
