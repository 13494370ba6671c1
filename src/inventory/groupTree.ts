import { InputError } from '../model/errors.js';
import type { Faults } from './faults.js';
import type { Definitions, GroupDefinition } from './groups.js';
import { describeNode } from './tree.js';

/** The groups of an inventory as a tree with `all` on top and `ungrouped` beside those that the files name. */
export interface GroupTree {
  /** A host's groups, direct and through children, in the order in which their variables are merged: `all` first. */
  groupsOf(host: string): readonly string[];
  /** Every group's hosts, its children's too, in the inventory's order. */
  readonly members: ReadonlyMap<string, readonly string[]>;
}

/** Builds the tree. A group that is its own ancestor is a fault. */
export function buildTree(definitions: Definitions, faults: Faults): GroupTree {
  const parents = parentsOf(definitions);
  if (foundCycle(definitions, parents, faults)) return { groupsOf: () => ['all'], members: new Map() };
  const depths = new Map<string, number>([['all', 0]]);
  const depthOf = (name: string): number => {
    const known = depths.get(name);
    if (known !== undefined) return known;
    const depth = 1 + Math.max(...(parents.get(name) ?? ['all']).map(depthOf));
    depths.set(name, depth);
    return depth;
  };
  const priorities = new Map([...definitions.groups.values()].map((group) => [group.name, priorityOf(group, faults)]));
  const byMergeOrder = (a: string, b: string) =>
    depthOf(a) - depthOf(b) || (priorities.get(a) ?? 1) - (priorities.get(b) ?? 1) || (a < b ? -1 : a > b ? 1 : 0);

  const groupsOfHosts = new Map<string, readonly string[]>();
  for (const host of definitions.hosts.keys()) {
    const direct = [...definitions.groups.values()].filter((group) => group.hosts.has(host)).map((group) => group.name);
    const named = new Set(direct.flatMap((name) => [name, ...ancestors(name, parents)]).filter((name) => name !== 'all'));
    groupsOfHosts.set(host, ['all', ...(named.size === 0 ? ['ungrouped'] : [...named].sort(byMergeOrder))]);
  }
  const members = new Map<string, string[]>(['all', ...definitions.groups.keys(), 'ungrouped'].map((name) => [name, []]));
  for (const [host, groups] of groupsOfHosts) for (const group of groups) members.get(group)?.push(host);
  return { groupsOf: (host) => groupsOfHosts.get(host) ?? ['all'], members };
}

/** Each group's parents; one that is nobody's child is a child of `all`. */
function parentsOf({ groups }: Definitions): ReadonlyMap<string, readonly string[]> {
  const parents = new Map<string, string[]>([...groups.keys()].map((name) => [name, []]));
  for (const group of groups.values()) for (const child of group.children) parents.get(child)?.push(group.name);
  for (const [name, list] of parents) if (list.length === 0 && name !== 'all') list.push('all');
  return parents;
}

function ancestors(name: string, parents: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const direct = parents.get(name) ?? [];
  return [...direct, ...direct.flatMap((parent) => ancestors(parent, parents))];
}

function foundCycle({ groups }: Definitions, parents: ReadonlyMap<string, readonly string[]>, faults: Faults): boolean {
  for (const group of groups.values()) {
    const cycle = pathBack(group.name, parents);
    if (cycle === undefined) continue;
    const message =
      cycle.length === 2
        ? `the group "${group.name}" is its own child`
        : `groups are each other's children: ${cycle.reverse().join(' > ')}`;
    faults.add(new InputError(message, { where: group.at }));
    return true;
  }
  return false;
}

/** The way up from a group back to itself, or undefined. */
function pathBack(start: string, parents: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const seen = new Set<string>();
  const walk = (path: readonly string[]): string[] | undefined => {
    for (const parent of parents.get(path.at(-1) ?? start) ?? []) {
      if (parent === start) return [...path, parent];
      if (seen.has(parent)) continue;
      seen.add(parent);
      const found = walk([...path, parent]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return walk([start]);
}

/** `ansible_group_priority` among a group's own `vars`: of groups of one depth the greatest is merged last. Default 1. */
function priorityOf(group: GroupDefinition, faults: Faults): number {
  const entry = group.vars.get('ansible_group_priority');
  if (entry === undefined) return 1;
  const value = entry.node.kind === 'scalar' ? entry.node.value : undefined;
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  faults.add(
    new InputError(`ansible_group_priority must be a whole number, found ${describeNode(entry.node)}`, { where: entry.at }),
  );
  return 1;
}
