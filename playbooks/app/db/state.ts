/** What the last probe of a server found. `unknown`: it has not been probed yet. */
export type ServerState =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'writable' }
  | { readonly kind: 'read-only' }
  | { readonly kind: 'unreachable'; readonly error: string };

/** Who does what, by label. */
export interface Roles {
  /** Absent when no server, or more than one, is writable. */
  readonly writer?: string;
  /** All that are writable: more than one means that two primaries exist. */
  readonly writable: readonly string[];
  /** The replicas. */
  readonly readers: readonly string[];
}

/**
 * The roles that follow from the servers' states. With two writable servers a note could land on the one that is about
 * to be thrown away: then there is no writer.
 */
export function chooseRoles(states: ReadonlyMap<string, ServerState>): Roles {
  const labels = [...states.keys()];
  const writable = labels.filter((label) => states.get(label)?.kind === 'writable');
  const readers = labels.filter((label) => states.get(label)?.kind === 'read-only');
  const [writer] = writable;
  return { writable, readers, ...(writer === undefined || writable.length > 1 ? {} : { writer }) };
}

/** Whether `read_only` as a server shows it means that it takes writes. Newer MariaDB servers show a word. */
export function isWritable(readOnly: string | number): boolean {
  return ['0', 'OFF'].includes(String(readOnly).toUpperCase());
}

/** A state in words, for the log. */
export function describeState(state: ServerState): string {
  return state.kind === 'unreachable' ? `unreachable (${state.error})` : state.kind;
}
