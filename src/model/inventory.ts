import type { SourcePosition } from './errors.js';

/** A host as the inventory's files give it: variables merged, not yet validated. */
export interface InventoryHost {
  readonly name: string;
  /** Where it is named first. */
  readonly at?: SourcePosition | undefined;
  /** All groups that it is in, directly or through children, `all` first. */
  readonly groups: readonly string[];
  readonly vars: Readonly<Record<string, unknown>>;
  /**
   * Where each variable's winning value stands, by the variable's name, and where each part of it stands, by its path:
   * `users`, `users.0`, `users.0.name`.
   */
  readonly origins: ReadonlyMap<string, SourcePosition>;
}

/** An inventory, loaded and merged. */
export interface Inventory {
  /** The main file (or the folder). */
  readonly file: string;
  /** In the inventory's order. */
  readonly hosts: readonly InventoryHost[];
  /** Every group's hosts (its children's too), in the inventory's order. `all` is among them. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** What the files say of each group that they name. */
  readonly named?: ReadonlyMap<string, NamedGroup> | undefined;
}

/** A group as the inventory's files name it. */
export interface NamedGroup {
  /** Where it is named first. */
  readonly at: SourcePosition;
  /** False where it is only named, as a child of another: it has no `hosts`, `children` or `vars`, not even empty ones. */
  readonly defined: boolean;
}
