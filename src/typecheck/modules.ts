import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { packageRoot } from '../util/packageRoot.js';

const require = createRequire(import.meta.url);

/** Where modules are that a playbook may import wherever it lies: this package's own, as at run time. */
export interface OwnModules {
  /** The declarations of `provision/…`; undefined for what is none of its names. */
  readonly provision: (specifier: string) => string | undefined;
  /** A file of this package, from where `zod` is found. */
  readonly anchor: string;
  /** The folder of the declarations of Node itself. */
  readonly nodeTypes: string;
}

/** package.json's `exports` as declarations: each public name, and the file behind it. */
function rulesOf(root: string): readonly (readonly [from: string, to: string])[] {
  const { name, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    name: string;
    exports: Record<string, string>;
  };
  return Object.entries(exports).map(([from, to]) => [`${name}${from.slice(1)}`, join(root, to.replace(/\.js$/, '.d.ts'))]);
}

/** Every module of this package that can be imported. */
function publicModules(): readonly string[] {
  return rulesOf(packageRoot()).flatMap(([from, to]) =>
    from.endsWith('/*')
      ? readdirSync(dirname(to), { recursive: true, encoding: 'utf8' })
          .filter((file) => file.endsWith('.d.ts'))
          .map((file) => from.replace('*', file.slice(0, -'.d.ts'.length)))
      : [from],
  );
}

export function ownModules(): OwnModules {
  const root = packageRoot();
  const rules = rulesOf(root);
  return {
    provision: (specifier) => {
      for (const [from, to] of rules) {
        if (from === specifier) return to;
        const head = from.slice(0, -1);
        if (from.endsWith('/*') && specifier.startsWith(head)) return to.replace('*', specifier.slice(head.length));
      }
      return undefined;
    },
    anchor: join(root, 'package.json'),
    nodeTypes: dirname(dirname(require.resolve('@types/node/package.json'))),
  };
}

/** Modules that an import of this name, in this file, may have meant: this package's own, or files of near names. */
export function modulesNear(specifier: string, file: string): readonly string[] {
  if (!specifier.startsWith('.')) return ['zod', ...publicModules()];
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
