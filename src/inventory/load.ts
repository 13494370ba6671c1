import { readdir, stat } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { InputError } from '../model/errors.js';
import type { Inventory, InventoryHost } from '../model/inventory.js';
import type { VaultSource } from '../vault/keys.js';
import { Faults } from './faults.js';
import { emptyDefinitions, type Definitions } from './groups.js';
import { buildTree, type GroupTree } from './groupTree.js';
import { mergeHost, type FileLayers } from './merge.js';
import { readGroups } from './parseGroups.js';
import { isVaultedFile, readInventoryFile, readYamlFile } from './readFile.js';
import { secretResolver, standInResolver } from './secrets.js';
import type { StandIns } from './standIns.js';
import { placesOf, valueReader } from './values.js';
import { EMPTY_LAYER, readLayer, type Layer } from './variables.js';
import { varsFiles } from './varsFiles.js';

/** What else goes into an inventory. */
export interface LoadOptions {
  /** Variables that win over all others: the result of `parseExtraVars`. */
  readonly extraVars?: Layer | undefined;
  /** Where vault passwords come from. Each is asked for when a value needs it. */
  readonly vault?: readonly VaultSource[] | undefined;
  /** For secrets that cannot be had without running or asking anything; vaulted files are left out without a password. */
  readonly standIns?: StandIns | undefined;
}

/**
 * Loads an inventory in Ansible's YAML layout: one file, or a folder of them, and `group_vars/` and `host_vars/` beside
 * it (in it, for a folder). Every secret that wins is decrypted or fetched; those that are overridden are not.
 * Throws InputErrors with everything that is wrong, each at its place.
 */
export async function loadInventory(path: string, options: LoadOptions = {}): Promise<Inventory> {
  const vault = options.vault ?? [];
  const faults = new Faults();
  const { files, base } = await inventoryFiles(path);
  const definitions = emptyDefinitions(path);
  for (const file of files) {
    const root = await faults.attempt(() => readInventoryFile(file, vault));
    if (root !== undefined) readGroups(root, definitions, faults);
  }
  const tree = buildTree(definitions, faults);
  const layers = await readLayers(
    base,
    definitions,
    tree,
    { vault, skipVaulted: options.standIns !== undefined && vault.length === 0 },
    faults,
  );
  faults.throwIfAny();
  if (definitions.hosts.size === 0)
    throw new InputError('the inventory has no hosts', { where: { file: path }, hint: 'add some under all: hosts:' });

  const resolver = options.standIns === undefined ? secretResolver(vault) : standInResolver(vault, options.standIns);
  const read = valueReader(resolver);
  const hosts: InventoryHost[] = [];
  for (const name of definitions.hosts.keys()) {
    const merged = mergeHost(name, definitions, tree, layers, options.extraVars ?? EMPTY_LAYER);
    const vars: [string, unknown][] = [];
    for (const [variable, { node }] of merged) vars.push([variable, await faults.attempt(() => read(variable, node))]);
    const origins = new Map([...merged].flatMap(([variable, entry]) => placesOf(variable, entry)));
    hosts.push({
      name,
      at: definitions.hosts.get(name)?.at,
      groups: tree.groupsOf(name),
      vars: Object.fromEntries(vars),
      origins,
    });
  }
  faults.throwIfAny();
  return { file: path, hosts, groups: tree.members, named: definitions.groups };
}

/** The files of an inventory, and the folder that has its `group_vars`. */
async function inventoryFiles(path: string): Promise<{ files: readonly string[]; base: string }> {
  const entry = await stat(path).catch((cause: unknown) => {
    throw new InputError(`no inventory ${path}`, { where: { file: path }, cause });
  });
  if (!entry.isDirectory()) return { files: [path], base: dirname(path) };
  const entries = (await readdir(path, { withFileTypes: true })).filter(
    (file) => !file.isDirectory() && !file.name.startsWith('.') && ['', '.yml', '.yaml', '.json'].includes(extname(file.name)),
  );
  if (entries.length === 0)
    throw new InputError(`the folder ${path} has no inventory file`, {
      where: { file: path },
      hint: 'it needs a file such as hosts.yml',
    });
  return { files: entries.map(({ name }) => join(path, name)).sort(), base: path };
}

/** Reads the variable files of all groups and hosts there are. */
async function readLayers(
  base: string,
  definitions: Definitions,
  tree: GroupTree,
  { vault, skipVaulted }: { readonly vault: readonly VaultSource[]; readonly skipVaulted: boolean },
  faults: Faults,
): Promise<FileLayers> {
  const layersIn = async (folder: string, names: Iterable<string>): Promise<ReadonlyMap<string, Layer>> => {
    const layers = new Map<string, Layer>();
    if ((await stat(join(base, folder)).catch(() => undefined)) === undefined) return layers;
    for (const name of names) {
      const parts: Layer[] = [];
      for (const file of (await faults.attempt(() => varsFiles(join(base, folder), name))) ?? []) {
        if (skipVaulted && (await isVaultedFile(file))) continue;
        const node = await faults.attempt(() => readYamlFile(file, vault));
        if (node !== undefined) parts.push(readLayer(node, 'the file', faults));
      }
      if (parts.length > 0) layers.set(name, new Map(parts.flatMap((part) => [...part])));
    }
    return layers;
  };
  return {
    groups: await layersIn('group_vars', tree.members.keys()),
    hosts: await layersIn('host_vars', definitions.hosts.keys()),
  };
}
