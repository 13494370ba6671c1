import { createJiti } from 'jiti';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError, ProvisionError } from '../model/errors.js';
import type { AnyPlaybook } from '../model/playbook.js';
import { packageRoot } from '../util/packageRoot.js';

/**
 * Loads a playbook module (TypeScript or JavaScript) without a build step. `provision/…` and `zod` are this package's
 * own copies wherever the playbook lies, so that it needs no node_modules. Throws InputError.
 */
export async function loadPlaybook(file: string): Promise<AnyPlaybook> {
  const path = resolve(file);
  if (!existsSync(path))
    throw new InputError(`no playbook ${file}`, { hint: 'name a .ts file that default-exports playbook({ … })' });
  const jiti = createJiti(import.meta.url, { alias: aliases(), sourceMaps: true });
  let loaded: unknown;
  try {
    loaded = await jiti.import(path, { default: true });
  } catch (error) {
    if (error instanceof ProvisionError) throw error;
    throw loadFault(file, error);
  }
  if (!isPlaybook(loaded)) {
    throw new InputError(`${file} does not default-export a playbook`, {
      where: { file },
      hint: 'end it with: export default playbook({ … })',
    });
  }
  return loaded;
}

/** A syntax error says its place in its message (`/a/b.ts:5:2`), any other error in its stack. */
function loadFault(file: string, error: unknown): InputError {
  const message = error instanceof Error ? error.message : String(error);
  const place = /(\/[^\s:()]+\.[cm]?[jt]s):(\d+):(\d+)/;
  const inMessage = place.exec(message);
  const found = inMessage ?? place.exec(error instanceof Error ? (error.stack ?? '') : '');
  const where =
    found === null || found[1]?.includes('/node_modules/') === true
      ? { file }
      : { file: found[1] ?? file, line: Number(found[2]), ...(inMessage === null ? {} : { column: Number(found[3]) }) };
  const reason = message.replace(place, '').split('\n')[0]?.trim() ?? message;
  return new InputError(`the playbook does not load: ${reason}`, { where, cause: error });
}

function isPlaybook(value: unknown): value is AnyPlaybook {
  return typeof value === 'object' && value !== null && 'plays' in value && Array.isArray(value.plays) && 'vars' in value;
}

/** package.json's `exports` as aliases: `provision/tasks` → the folder of the compiled tasks. */
function aliases(): Record<string, string> {
  const root = packageRoot();
  const { name, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    name: string;
    exports: Record<string, string>;
  };
  const own = Object.entries(exports).map(([from, to]) => [
    `${name}/${from.slice(2).replace(/\/\*$/, '')}`,
    join(root, to.replace(/\/\*\.js$/, '')),
  ]);
  return { ...(Object.fromEntries(own) as Record<string, string>), zod: fileURLToPath(import.meta.resolve('zod')) };
}
