import { preflight } from '../../engine/preflight.js';
import { connectionsOf } from '../../inventory/connection.js';
import type { Layer } from '../../inventory/variables.js';
import { loadInventory } from '../../inventory/load.js';
import { standInsFor, withStandIns } from '../../inventory/standIns.js';
import { requireGroups } from '../../inventory/requireGroups.js';
import { validateHosts } from '../../inventory/validate.js';
import { InputError, InputErrors } from '../../model/errors.js';
import type { Inventory } from '../../model/inventory.js';
import type { AnyPlaybook } from '../../model/playbook.js';
import type { VaultSource } from '../../vault/keys.js';

export interface HostCheck {
  readonly playbook: AnyPlaybook;
  readonly playbookFile: string;
  readonly inventoryFile: string;
  readonly extraVars: Layer;
  readonly vault: readonly VaultSource[];
  /** Secrets must all be there, as for a run. Otherwise what cannot be had without running or asking anything is stood in for. */
  readonly withSecrets: boolean;
}

export interface HostCheckResult {
  readonly faults: readonly InputError[];
  /** Undefined where it could not be loaded. */
  readonly inventory: Inventory | undefined;
  /** Secret variables that a stand-in was used for. */
  readonly standIns: readonly string[];
}

/**
 * All that a run checks before its first packet: the inventory, the connections, the variables, the groups, every option
 * of every task and every template of every host. Each part's faults are collected; what needs a faulty part is left out.
 */
export async function checkHosts(check: HostCheck): Promise<HostCheckResult> {
  const { playbook, playbookFile, vault, extraVars } = check;
  const faults: InputError[] = [];
  const attempt = async <T>(part: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await part();
    } catch (error) {
      faults.push(...inputErrors(error));
      return undefined;
    }
  };
  const standIns = await standInsFor(playbook.vars);
  const loaded = await attempt(() =>
    loadInventory(check.inventoryFile, { extraVars, vault, ...(check.withSecrets ? {} : { standIns }) }),
  );
  if (loaded === undefined) return { faults, inventory: undefined, standIns: [] };
  const inventory = check.withSecrets ? loaded : withStandIns(loaded, playbook.vars, standIns);
  await attempt(() => connectionsOf(inventory.hosts));
  await attempt(() => {
    requireGroups(inventory, { ...playbook, file: playbookFile });
  });
  const hosts = await attempt(() => validateHosts(inventory, playbook.vars));
  if (hosts !== undefined && faults.length === 0) {
    const selected = hosts.map(({ name }) => name);
    await attempt(() => preflight({ playbook, playbookFile, inventory, hosts, selected, tags: [], skipTags: [] }));
  }
  return { faults, inventory, standIns: [...standIns.given] };
}

/** The faults of the input in what was thrown; anything else is thrown again. */
export function inputErrors(error: unknown): readonly InputError[] {
  if (error instanceof InputErrors) return error.errors;
  if (error instanceof InputError) return [error];
  throw error;
}
