import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { publicFiles } from '../util/publicFiles.js';

/** Where modules are that a playbook may import wherever it lies: this package's own, as at run time. */
export interface OwnModules {
  /** The declarations of `provision/…`, by its names. */
  readonly provision: ReadonlyMap<string, string>;
  /** The folder of `zod`. */
  readonly zod: string;
  /** The folder of the declarations of Node itself. */
  readonly nodeTypes: string;
}

export function ownModules(): OwnModules {
  const { resolve } = createRequire(import.meta.url);
  return {
    provision: new Map([...publicFiles()].map(([name, file]) => [name, file.replace(/\.js$/, '.d.ts')])),
    zod: dirname(resolve('zod/package.json')),
    nodeTypes: dirname(dirname(resolve('@types/node/package.json'))),
  };
}

/** Modules that an import of this name, in this file, may have meant: this package's own, or files of near names. */
export function modulesNear(specifier: string, file: string): readonly string[] {
  if (!specifier.startsWith('.')) return ['zod', ...publicFiles().keys()];
  return filesNear(dirname(file), specifier.split('/')).map((near) => near.replace(/\.ts$/, '.js'));
}

/** The files that a path means when its first part that is not there is another. */
function filesNear(folder: string, [part = '', ...rest]: readonly string[]): readonly string[] {
  if (part === '.' || part === '..' || (rest.length > 0 && existsSync(join(folder, part))))
    return filesNear(join(folder, part), rest).map((near) => `${part}/${near}`);
  const wanted = rest.map((name) => name.replace(/\.js$/, '.ts'));
  return entriesOf(folder)
    .filter((name) => (rest.length === 0 ? /\.[cm]?[jt]s$/.test(name) : existsSync(join(folder, name, ...wanted))))
    .map((name) => [name, ...rest].join('/'));
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
