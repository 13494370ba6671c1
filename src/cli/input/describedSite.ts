import { parseExtraVars } from '../../inventory/extraVars.js';
import { loadInventory } from '../../inventory/load.js';
import { requireGroups } from '../../inventory/requireGroups.js';
import { standInsFor, withStandIns } from '../../inventory/standIns.js';
import { validateHosts } from '../../inventory/validate.js';
import { InputError } from '../../model/errors.js';
import type { Host } from '../../model/host.js';
import type { Inventory } from '../../model/inventory.js';
import type { Service } from '../../model/service.js';
import { loadPlaybook } from '../playbook/load.js';
import type { Args } from './args.js';
import { inventoryFile } from './inventoryFile.js';
import { vaultSources } from './load.js';
import { playbookFiles } from './playbookFile.js';

/** A site as its playbook and inventory describe it. */
export interface DescribedSite {
  readonly hosts: readonly Host[];
  readonly services: readonly Service[];
  /** The inventory as it is written. */
  readonly loaded: Inventory;
}

/** Loads what a playbook tells of its hosts' services. It shows no secret, so none must be at hand. Contacts no host; throws InputError. */
export async function describedSite(args: Args<'graph' | 'audit'>, named: string | undefined): Promise<DescribedSite> {
  const [file = ''] = playbookFiles(named === undefined ? [] : [named]);
  const playbook = await loadPlaybook(file);
  if (playbook.services === undefined) {
    throw new InputError(`${file} does not tell what its hosts offer`, {
      where: { file },
      hint: 'give playbook({ … }) a function services: (of) => [ … ]; docs/writing-a-playbook.md has an example',
    });
  }
  const vault = vaultSources(args);
  const extraVars = await parseExtraVars(args['extra-vars'] ?? [], { vault });
  const standIns = await standInsFor(playbook.vars);
  const loaded = await loadInventory(inventoryFile(args.inventory), { extraVars, vault, standIns });
  const inventory = withStandIns(loaded, playbook.vars, standIns);
  requireGroups(inventory, { ...playbook, file });
  const hosts = validateHosts(inventory, playbook.vars);
  return { hosts, services: playbook.services(hosts), loaded };
}
