import { InputError } from '../model/errors.js';
import { didYouMean } from '../util/names.js';
import type { Faults } from './faults.js';
import { groupNamed, hostNamed, type Definitions } from './groups.js';
import { expandHosts } from './hostRange.js';
import { describeNode, type Entry, type MapNode, type Node } from './tree.js';
import { readLayer } from './variables.js';

/** What a group may have. */
export const SECTIONS = ['hosts', 'children', 'vars'] as const;
export const GROUP_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;

/** Reads an inventory file's document, a map of groups, into the definitions. */
export function readGroups(root: Node, into: Definitions, faults: Faults): void {
  if (root.kind === 'scalar' && root.value === null) return;
  if (root.kind !== 'map') {
    faults.add(
      new InputError(`an inventory is a map of groups, found ${describeNode(root)}`, {
        where: root.at,
        hint: 'begin it with "all:"',
      }),
    );
    return;
  }
  for (const [name, entry] of root.entries) {
    const known = (SECTIONS as readonly string[]).includes(name);
    if (known) {
      faults.add(new InputError(`"${name}" stands outside of any group`, { where: entry.at, hint: 'put it under "all:"' }));
    } else readGroup(name, entry, into, faults);
  }
}

function readGroup(name: string, { at, node }: Entry, into: Definitions, faults: Faults): void {
  if (!GROUP_NAME.test(name)) {
    faults.add(new InputError(`"${name}" is not a group's name (letters, digits, "_", "-" and ".")`, { where: at }));
    return;
  }
  const group = groupNamed(into, name, at);
  const sections = entriesOf(node, `the group "${name}" must be a map of ${list(SECTIONS)}`, faults);
  if (sections.size > 0) group.defined = true;
  for (const [key, section] of sections) {
    if (key === 'vars') {
      for (const [variable, value] of readLayer(section.node, `"vars" of the group "${name}"`, faults))
        group.vars.set(variable, value);
    } else if (key === 'children') {
      for (const [child, entry] of entriesOf(section.node, '"children" must be a map of groups', faults)) {
        readGroup(child, entry, into, faults);
        if (GROUP_NAME.test(child)) group.children.add(child);
      }
    } else if (key === 'hosts') {
      for (const [pattern, entry] of entriesOf(section.node, '"hosts" must be a map of hosts', faults)) {
        for (const host of readHosts(pattern, entry, into, faults)) group.hosts.add(host);
      }
    } else faults.add(unknownSection(name, key, section));
  }
}

/** A host's entry: its name or a range of names, and variables. */
function readHosts(pattern: string, { at, node }: Entry, into: Definitions, faults: Faults): readonly string[] {
  try {
    const { names, port } = expandHosts(pattern);
    const vars = readLayer(node, `the host "${pattern}"`, faults);
    for (const name of names) {
      const host = hostNamed(into, name, at);
      if (port !== undefined) host.vars.set('ansible_port', { at, node: { kind: 'scalar', at, value: port } });
      for (const [variable, value] of vars) host.vars.set(variable, value);
    }
    return names;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    faults.add(new InputError(`the host "${pattern}": ${error.message}`, { where: at, cause: error }));
    return [];
  }
}

/** A map's entries. A single word stands for a map of it, as in Ansible (`hosts: web-01`); nothing for an empty one. */
function entriesOf(node: Node, expectation: string, faults: Faults): MapNode['entries'] {
  if (node.kind === 'map') return node.entries;
  if (node.kind === 'scalar' && node.value === null) return new Map();
  if (node.kind === 'scalar' && typeof node.value === 'string' && expectation.startsWith('"')) {
    return new Map([[node.value, { at: node.at, node: { kind: 'scalar', at: node.at, value: null } }]]);
  }
  const hint = node.kind === 'list' ? { hint: 'write "web-01:" instead of "- web-01"' } : {};
  faults.add(new InputError(`${expectation}, found ${describeNode(node)}`, { where: node.at, ...hint }));
  return new Map();
}

function unknownSection(group: string, key: string, section: Entry): InputError {
  const near = didYouMean(key, SECTIONS);
  const looksLikeGroup =
    section.node.kind === 'map' && SECTIONS.some((name) => section.node.kind === 'map' && section.node.entries.has(name));
  const hint =
    near !== ''
      ? undefined
      : looksLikeGroup
        ? `a group inside "${group}" goes under its "children:"`
        : `a variable goes under "vars:", a host under "hosts:"`;
  return new InputError(`the group "${group}" has no "${key}"${near || `; it may have ${list(SECTIONS)}`}`, {
    where: section.at,
    hint,
  });
}

function list(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}
