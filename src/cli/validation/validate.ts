import { resolve } from 'node:path';
import { loadPlaybook } from '../../engine/loadPlaybook.js';
import { unusedFiles } from '../../inventory/unusedFiles.js';
import type { Layer } from '../../inventory/variables.js';
import { InputError, formatPosition } from '../../model/errors.js';
import type { Inventory } from '../../model/inventory.js';
import type { VaultSource } from '../../vault/keys.js';
import { checkHosts, inputErrors } from './hosts.js';
import { typesOf } from './types.js';

export interface Validation {
  readonly playbooks: readonly string[];
  readonly inventories: readonly string[];
  readonly extraVars: Layer;
  readonly vault: readonly VaultSource[];
  readonly withSecrets: boolean;
}

/** How many of each were looked at. */
export interface Checked {
  readonly playbooks: number;
  /** Modules that the playbooks are made of, themselves left out. */
  readonly roles: number;
  readonly templates: number;
  readonly inventories: number;
  readonly hosts: number;
}

export interface Validated {
  readonly faults: readonly InputError[];
  readonly notes: readonly string[];
  readonly checked: Checked;
}

/** Checks playbooks, roles, templates and inventories as far as it goes without a network. Everything that is wrong is told at once. */
export async function validate(validation: Validation): Promise<Validated> {
  const playbooks = validation.playbooks.map((file) => resolve(file));
  const [types, hosts] = await Promise.all([typesOf(playbooks), checkAllHosts(validation)]);
  return {
    faults: told(types.faults, hosts.faults),
    notes: hosts.notes,
    checked: {
      playbooks: playbooks.length,
      roles: types.modules.filter((file) => !playbooks.includes(file)).length,
      templates: types.templates,
      inventories: validation.inventories.length,
      hosts: hosts.hosts,
    },
  };
}

/** The part that needs no compiler: the inventories, and every playbook's tasks for every host. */
export async function checkAllHosts(
  validation: Validation,
): Promise<Pick<Validated, 'faults' | 'notes'> & { readonly hosts: number }> {
  const faults: InputError[] = [];
  const standIns = new Map<string, Set<string>>();
  const inventories = new Map<string, Inventory>();
  for (const playbookFile of validation.playbooks) {
    try {
      const playbook = await loadPlaybook(playbookFile);
      for (const inventoryFile of validation.inventories) {
        const result = await checkHosts({ ...validation, playbook, playbookFile, inventoryFile });
        faults.push(...result.faults);
        if (result.inventory !== undefined) inventories.set(inventoryFile, result.inventory);
        standIns.set(inventoryFile, new Set([...(standIns.get(inventoryFile) ?? []), ...result.standIns]));
      }
    } catch (error) {
      faults.push(...inputErrors(error));
    }
  }
  const loaded = [...inventories.values()];
  const notes = [...standIns].flatMap(([file, names]) =>
    names.size === 0 ? [] : [`${file}: stand-ins for ${[...names].sort().join(', ')} (--with-secrets takes the real ones)`],
  );
  // A file that one inventory does not read may be another's, so all of them must have been loaded to tell.
  if (loaded.length === validation.inventories.length) faults.push(...unusedFiles(loaded));
  return { faults, notes, hosts: loaded.reduce((sum, { hosts }) => sum + hosts.length, 0) };
}

/** Each fault once. What the compiler says of a line stands for what the run says of it. */
function told(types: readonly InputError[], hosts: readonly InputError[]): readonly InputError[] {
  const lineOf = ({ where }: InputError): string | undefined =>
    where?.line === undefined ? undefined : `${resolve(where.file)}:${where.line}`;
  const lines = new Set(types.map(lineOf));
  const others = hosts.filter((fault) => lineOf(fault) === undefined || !lines.has(lineOf(fault)));
  const keyed = [...types, ...others].map((fault): [string, InputError] => [
    `${fault.where === undefined ? '' : formatPosition(fault.where)} ${fault.message}`,
    fault,
  ]);
  return [...new Map(keyed).values()];
}
