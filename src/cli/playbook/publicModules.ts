import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { packageRoot } from '../../util/packageRoot.js';

// What a playbook may import by name wherever it lies. `bundle.mjs` puts a table of the same names and functions in the place
// of this module: there they are the bundle's own.

/** The names: `provision/…`, as package.json's `exports` has them, and `zod`. */
export function publicNames(): readonly string[] {
  return [...targets().keys()];
}

/** Those modules, by their names; the names are public ones. */
export async function publicModules(names: readonly string[]): Promise<ReadonlyMap<string, object>> {
  const files = targets();
  const loaded = names.flatMap((name) => {
    const file = files.get(name);
    return file === undefined ? [] : [(async () => [name, (await import(pathToFileURL(file).href)) as object] as const)()];
  });
  return new Map(await Promise.all(loaded));
}

/** The file behind each name. */
function targets(): ReadonlyMap<string, string> {
  const root = packageRoot();
  const { name, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    name: string;
    exports: Record<string, string>;
  };
  const own = Object.entries(exports).flatMap(([from, to]) => {
    const file = join(root, to);
    return from.endsWith('/*')
      ? below(`${name}${from.slice(1, -1)}`, dirname(file))
      : [[`${name}${from.slice(1)}`, file] as const];
  });
  return new Map([...own, ['zod', fileURLToPath(import.meta.resolve('zod'))]]);
}

function below(head: string, folder: string): readonly (readonly [string, string])[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .map((file) => [`${head}${file.slice(0, -'.js'.length)}`, join(folder, file)]);
}
