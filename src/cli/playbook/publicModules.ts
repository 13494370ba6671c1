import { fileURLToPath, pathToFileURL } from 'node:url';
import { publicFiles } from '../../util/publicFiles.js';

// What a playbook may import by name wherever it lies. `bundle.mjs` puts a table of the same names and functions in the place
// of this module: there they are the bundle's own.

/** The names: `provision/…` and `zod`. */
export function publicNames(): readonly string[] {
  return [...playbookFiles().keys()];
}

/** Those modules, by their names; the names are public ones. */
export async function publicModules(names: readonly string[]): Promise<ReadonlyMap<string, object>> {
  const files = playbookFiles();
  const loaded = names.flatMap((name) => {
    const file = files.get(name);
    return file === undefined ? [] : [(async () => [name, (await import(pathToFileURL(file).href)) as object] as const)()];
  });
  return new Map(await Promise.all(loaded));
}

/** The file behind each name. */
function playbookFiles(): ReadonlyMap<string, string> {
  return new Map([...publicFiles(), ['zod', fileURLToPath(import.meta.resolve('zod'))]]);
}
