import { connectionsOf } from '../../inventory/connection.js';
import { parseExtraVars } from '../../inventory/extraVars.js';
import { loadInventory } from '../../inventory/load.js';
import { refuseMisnamedFiles } from '../../inventory/neighbours.js';
import type { Connection } from '../../model/host.js';
import type { Inventory } from '../../model/inventory.js';
import { reveal } from '../../util/secret.js';
import { timed } from '../../util/timing.js';
import type { VaultSource } from '../../vault/keys.js';
import { passwordFileSource } from '../../vault/passwordFile.js';
import { promptSource } from '../../vault/prompt.js';
import type { ConnectingArgs } from './args.js';
import { askSecret } from './ask.js';
import { inventoryFile } from './inventoryFile.js';

export interface Loaded {
  readonly inventory: Inventory;
  /** By the host's name; without the passwords that are asked for. */
  readonly connections: ReadonlyMap<string, Connection>;
}

/** Loads the inventory that the command line names, with its extra variables and vault passwords. Throws InputErrors. */
export function load(args: ConnectingArgs): Promise<Loaded> {
  return timed('inventory', undefined, () => loadAll(args));
}

async function loadAll(args: ConnectingArgs): Promise<Loaded> {
  const file = inventoryFile(args.inventory);
  const vault = vaultSources(args);
  const extraVars = await parseExtraVars(args['extra-vars'] ?? [], { vault });
  const inventory = await loadInventory(file, { extraVars, vault });
  await refuseMisnamedFiles(inventory);
  const connections = connectionsOf(inventory.hosts, { user: args.user, privateKeyFile: args['private-key'] });
  return { inventory, connections };
}

/** Where the command line says that vault passwords come from. */
export function vaultSources(args: Pick<ConnectingArgs, 'vault-password-file' | 'ask-vault-pass'>): readonly VaultSource[] {
  const files = (args['vault-password-file'] ?? []).map((file) => passwordFileSource(file));
  if (!args['ask-vault-pass']) return files;
  return [...files, promptSource(async (question) => reveal(await askSecret(question)))];
}
