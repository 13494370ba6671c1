import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { InputError, ProvisionError } from '../../model/errors.js';
import { thrownAt } from '../../model/origin.js';
import type { AnyPlaybook } from '../../model/playbook.js';
import { compiledPlaybook, type CompiledFile } from './compiled.js';
import { publicModules } from './publicModules.js';

/** A compiled playbook: it is given what it imports by name, and gives what it exports. */
type Factory = (require: (name: string) => object) => { readonly default?: unknown };

/**
 * Loads a playbook module (TypeScript or JavaScript) without a build step. `provision/…` and `zod` are this package's
 * own copies wherever the playbook lies, so that it needs no node_modules. Throws InputError.
 */
export async function loadPlaybook(file: string): Promise<AnyPlaybook> {
  const path = resolve(file);
  if (!existsSync(path))
    throw new InputError(`no playbook ${file}`, { hint: 'name a .ts file that default-exports playbook({ … })' });
  const loaded = (await evaluate(file, await factoryOf(path))).default;
  if (!isPlaybook(loaded)) {
    throw new InputError(`${file} does not default-export a playbook`, {
      where: { file },
      hint: 'end it with: export default playbook({ … })',
    });
  }
  return loaded;
}

interface Compiled {
  readonly factory: Factory;
  readonly names: readonly string[];
  readonly require: NodeJS.Require;
}

/** The compiled playbook. Where no cache can be written, its file lives just long enough to be read. */
async function factoryOf(path: string): Promise<Compiled> {
  try {
    return read(await compiledPlaybook(path));
  } catch (error) {
    if (error instanceof ProvisionError) throw error;
    const folder = mkdtempSync(join(tmpdir(), 'provision-'));
    try {
      return read(await compiledPlaybook(path, folder));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
}

function read({ path, names }: CompiledFile): Compiled {
  // Stacks then tell the playbook's own lines.
  process.setSourceMapsEnabled(true);
  const require = createRequire(path);
  return { factory: require(path) as Factory, names, require };
}

/** What a playbook exports. */
async function evaluate(file: string, { factory, names, require }: Compiled): Promise<ReturnType<Factory>> {
  const known = await publicModules(names);
  try {
    return factory((name) => known.get(name) ?? (require(name) as object));
  } catch (error) {
    if (error instanceof ProvisionError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new InputError(`the playbook does not load: ${message.split('\n')[0] ?? message}`, {
      where: thrownAt(error) ?? { file },
      cause: error,
    });
  }
}

function isPlaybook(value: unknown): value is AnyPlaybook {
  return typeof value === 'object' && value !== null && 'plays' in value && Array.isArray(value.plays) && 'vars' in value;
}
