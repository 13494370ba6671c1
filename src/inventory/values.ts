import type { SourcePosition } from '../model/errors.js';
import type { SecretResolver } from './secrets.js';
import { PendingSecret, type Entry, type Node } from './tree.js';

/** Gives a variable's plain value; secrets are had on the way. */
export type ValueReader = (name: string, node: Node) => Promise<unknown>;

/**
 * A reader that reads each node once: hosts of a group share its values, and a secret is decrypted or its command run
 * once, one after the other, so that two of them never ask at the same time.
 */
export function valueReader(resolve: SecretResolver): ValueReader {
  const values = new Map<Node, Promise<unknown>>();
  const read = async (name: string, node: Node): Promise<unknown> => {
    if (node.kind === 'scalar') return node.value instanceof PendingSecret ? resolve(node.value, name, node.at) : node.value;
    if (node.kind === 'list') {
      const items: unknown[] = [];
      for (const [index, item] of node.items.entries()) items.push(await once(`${name}.${index}`, item));
      return items;
    }
    const entries: [string, unknown][] = [];
    for (const [key, entry] of node.entries) entries.push([key, await once(`${name}.${key}`, entry.node)]);
    return Object.fromEntries(entries);
  };
  const once = (name: string, node: Node): Promise<unknown> => {
    const before = values.get(node);
    if (before !== undefined) return before;
    const value = read(name, node);
    values.set(node, value);
    return value;
  };
  return once;
}

/** The places of a variable and of all its parts, by path: `users`, `users.0`, `users.0.name`. */
export function placesOf(name: string, { at, node }: Entry): readonly (readonly [string, SourcePosition])[] {
  if (node.kind === 'map') return [[name, at], ...[...node.entries].flatMap(([key, entry]) => placesOf(`${name}.${key}`, entry))];
  if (node.kind === 'list')
    return [[name, at], ...node.items.flatMap((item, index) => placesOf(`${name}.${index}`, { at: item.at, node: item }))];
  return [[name, at]];
}
