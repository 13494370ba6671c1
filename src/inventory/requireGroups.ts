import { InputError } from '../model/errors.js';
import type { Inventory } from '../model/inventory.js';
import { placeOfLiteral } from '../util/literalPlace.js';
import { didYouMean, isOneSlip, nearest } from '../util/names.js';
import { Faults } from './faults.js';

/** What a playbook says about groups. */
export interface GroupsWanted {
  /** The groups that it declares. */
  readonly groups: readonly string[];
  /** Those that an inventory may do without. */
  readonly optionalGroups?: readonly string[] | undefined;
  readonly plays?: readonly { readonly hosts: readonly string[] }[] | undefined;
  /** Its file, to show the place of a group that is misspelt there. */
  readonly file?: string | undefined;
}

/**
 * Checks that the inventory has the groups that a playbook names, and that none of its own is a misspelt one: named as a
 * child and defined nowhere, with the name of one that is defined nearby. Throws InputErrors.
 */
export function requireGroups(inventory: Inventory, wanted: GroupsWanted): void {
  const faults = new Faults();
  const told = new Set<string>();
  for (const group of wanted.groups) {
    const twin = misspelt(group, inventory, wanted);
    if (twin !== undefined) {
      told.add(group).add(twin);
      faults.add(twinFault(group, twin, inventory, wanted));
    } else if (!inventory.groups.has(group)) faults.add(missing(group, inventory));
  }
  for (const group of wanted.optionalGroups ?? []) {
    const twin = misspeltOptional(group, inventory, wanted);
    if (twin !== undefined) faults.add(twinFault(group, twin, inventory, wanted));
  }
  const defined = definedGroups(inventory);
  for (const [name, { at }] of inventory.named ?? []) {
    if (!isHollow(name, inventory) || told.has(name) || wanted.groups.includes(name)) continue;
    const near = didYouMean(
      name,
      defined.filter((one) => isOneSlip(one, name)),
    );
    if (near === '') continue;
    faults.add(
      new InputError(`the group "${name}" is named here and defined nowhere${near}`, {
        where: at,
        hint: `an empty group that is meant is written "${name}: { hosts: {} }"`,
      }),
    );
  }
  for (const fault of misspeltAll(inventory)) faults.add(fault);
  faults.throwIfAny();
}

/** A group of the inventory with hosts that the playbook does not know, while it knows a near one, which is not there or empty. */
function misspelt(group: string, inventory: Inventory, { groups }: GroupsWanted): string | undefined {
  const there = inventory.groups.has(group);
  if (there && !isHollow(group, inventory)) return undefined;
  const strangers = definedGroups(inventory).filter((name) => !groups.includes(name) && inventory.groups.get(name)?.length !== 0);
  return there ? strangers.find((name) => isOneSlip(name, group)) : nearest(group, strangers);
}

/** A group of the inventory one letter away from an optional one, which is not there. */
function misspeltOptional(group: string, inventory: Inventory, { groups }: GroupsWanted): string | undefined {
  if (inventory.groups.has(group)) return undefined;
  return definedGroups(inventory).find((name) => !groups.includes(name) && isOneSlip(name, group));
}

function twinFault(group: string, twin: string, inventory: Inventory, { plays = [], file }: GroupsWanted): InputError {
  // Where its plays use the inventory's name, the playbook's list is what is misspelt.
  if (file !== undefined && plays.some(({ hosts }) => hosts.includes(twin))) {
    return new InputError(`the playbook declares a group "${group}", which the inventory has not — did you mean "${twin}"?`, {
      where: placeOfLiteral(file, group),
    });
  }
  return new InputError(`the playbook knows no group "${twin}", and needs a group "${group}" — did you mean "${group}"?`, {
    where: inventory.named?.get(twin)?.at ?? { file: inventory.file },
    hint: `rename it, or define "${group}" too`,
  });
}

function missing(group: string, inventory: Inventory): InputError {
  const there = [...inventory.groups.keys()].filter((name) => name !== 'ungrouped');
  return new InputError(`the playbook needs a group "${group}", which the inventory has not${didYouMean(group, there)}`, {
    where: { file: inventory.file },
    hint: `its groups: ${there.join(', ')}; one without hosts is written "${group}: { hosts: {} }"`,
  });
}

/** `al:` instead of `all:` says the same to every host, and loses group_vars/all.yml's company without a word. */
function misspeltAll({ named, groups }: Inventory): readonly InputError[] {
  const all = groups.get('all') ?? [];
  if (named?.get('all')?.defined !== false) return [];
  return [...named].flatMap(([name, { at }]) =>
    name !== 'all' && groups.get(name)?.length === all.length && isOneSlip(name, 'all')
      ? [
          new InputError(`the group "${name}" has every host, and there is no "all" — did you mean "all"?`, {
            where: at,
            hint: `where "${name}" is meant, say so beside it: "all: { children: { ${name}: } }"`,
          }),
        ]
      : [],
  );
}

function definedGroups({ named }: Inventory): readonly string[] {
  return [...(named ?? [])].flatMap(([name, { defined }]) => (defined ? [name] : []));
}

/** Named and never given anything, not even an empty list of hosts. */
function isHollow(name: string, { named, groups }: Inventory): boolean {
  return named?.get(name)?.defined === false && groups.get(name)?.length === 0;
}
