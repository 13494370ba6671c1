import { loadPlaybook } from '../playbook/load.js';
import { unusedFiles } from '../../inventory/unusedFiles.js';
import type { Layer } from '../../inventory/variables.js';
import type { InputError } from '../../model/errors.js';
import type { Inventory } from '../../model/inventory.js';
import type { VaultSource } from '../../vault/keys.js';
import { checkHosts, inputErrors } from './hosts.js';

/** What is checked without a compiler. */
export interface HostsValidation {
  readonly playbooks: readonly string[];
  readonly inventories: readonly string[];
  readonly extraVars: Layer;
  readonly vault: readonly VaultSource[];
  /** Secrets must all be there, as for a run. */
  readonly withSecrets: boolean;
}

/** What came of it. */
export interface HostsValidated {
  readonly faults: readonly InputError[];
  readonly notes: readonly string[];
  /** How many hosts the inventories have. */
  readonly hosts: number;
}

/** Checks the inventories, and every playbook's tasks for every host. */
export async function checkAllHosts(validation: HostsValidation): Promise<HostsValidated> {
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
