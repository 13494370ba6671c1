import type { Base } from './recipe.js';
import type { Flavour } from './state.js';
import type { Topology } from './topology.js';

/** Tells the user a line of progress. */
export type Say = (line: string) => void;

/** What `up` is asked for. */
export interface UpOptions {
  /** Lower-case letters, digits and dashes; one machine can have several rigs. */
  readonly name: string;
  readonly topology: Topology;
  readonly base: Base;
  readonly flavour: Flavour;
  /** The first three numbers of its /24; a free one is taken where it is not given. */
  readonly subnet?: string | undefined;
  readonly inventoryFile: string;
  /** Begin with bare hosts even where the rig is up. */
  readonly fresh: boolean;
}
