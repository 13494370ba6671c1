import type { Definitions } from './groups.js';
import type { GroupTree } from './groupTree.js';
import { EMPTY_LAYER, type Layer } from './variables.js';

/** Variables out of `group_vars` and `host_vars`, by the group's or host's name. */
export interface FileLayers {
  readonly groups: ReadonlyMap<string, Layer>;
  readonly hosts: ReadonlyMap<string, Layer>;
}

/**
 * A host's variables, each replaced as a whole by what comes later, in Ansible's order: the inventory's own `vars` of
 * `all`, then of its groups from the top down; `group_vars` of `all`, then of its groups; the inventory's own variables
 * of the host; `host_vars`; extra variables. So a `group_vars` file of `all` beats the `vars` that any group has in the
 * inventory's own file.
 */
export function mergeHost(host: string, definitions: Definitions, tree: GroupTree, files: FileLayers, extra: Layer): Layer {
  const groups = tree.groupsOf(host);
  const layers = [
    ...groups.map((group) => inlineVars(definitions, group)),
    ...groups.map((group) => files.groups.get(group)),
    definitions.hosts.get(host)?.vars,
    files.hosts.get(host),
    extra,
  ];
  return new Map(layers.flatMap((layer) => [...(layer ?? EMPTY_LAYER)]));
}

/** Without the group's priority, which is about the group and no variable of its hosts. */
function inlineVars(definitions: Definitions, group: string): Layer | undefined {
  const vars = definitions.groups.get(group)?.vars;
  if (vars?.has('ansible_group_priority') !== true) return vars;
  return new Map([...vars].filter(([name]) => name !== 'ansible_group_priority'));
}
