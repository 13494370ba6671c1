import type { SourcePosition } from '../model/errors.js';
import type { Entry } from './tree.js';

/** A group as the inventory's files give it. */
export interface GroupDefinition {
  readonly name: string;
  /** Where it was named first. */
  readonly at: SourcePosition;
  /** True once it was given hosts, children or vars somewhere, be they empty. */
  defined: boolean;
  /** Its `vars`; what stands in a later file or place wins. */
  readonly vars: Map<string, Entry>;
  readonly children: Set<string>;
  readonly hosts: Set<string>;
}

/** A host as the inventory's files give it, with the variables that stand beside its name. */
export interface HostDefinition {
  readonly name: string;
  readonly at: SourcePosition;
  readonly vars: Map<string, Entry>;
}

/** What the inventory's files say, in their order, before anything is merged. */
export interface Definitions {
  readonly groups: Map<string, GroupDefinition>;
  readonly hosts: Map<string, HostDefinition>;
}

/** Definitions with nothing but the group `all`. */
export function emptyDefinitions(file: string): Definitions {
  const definitions: Definitions = { groups: new Map(), hosts: new Map() };
  groupNamed(definitions, 'all', { file });
  return definitions;
}

/** The group of that name, made where it was not known. */
export function groupNamed(definitions: Definitions, name: string, at: SourcePosition): GroupDefinition {
  const group = definitions.groups.get(name) ?? {
    name,
    at,
    defined: false,
    vars: new Map(),
    children: new Set(),
    hosts: new Set(),
  };
  definitions.groups.set(name, group);
  return group;
}

/** The host of that name, made where it was not known. */
export function hostNamed(definitions: Definitions, name: string, at: SourcePosition): HostDefinition {
  const host = definitions.hosts.get(name) ?? { name, at, vars: new Map() };
  definitions.hosts.set(name, host);
  return host;
}
