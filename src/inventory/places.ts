import { relative, resolve } from 'node:path';
import { formatPosition, type SourcePosition } from '../model/errors.js';
import type { InventoryHost } from '../model/inventory.js';

/** Where a part of a host's variable stands, or the nearest part around it. */
export function placeOf(host: InventoryHost, path: readonly PropertyKey[]): SourcePosition | undefined {
  for (let length = path.length; length > 0; length--) {
    const place = host.origins.get(path.slice(0, length).map(String).join('.'));
    if (place !== undefined) return place;
  }
  return undefined;
}

/** A place for a sentence: relative to the working folder where it is below it. */
export function shownPlace(position: SourcePosition): string {
  const below = relative(process.cwd(), resolve(position.file));
  return formatPosition({ ...position, file: below.startsWith('..') ? position.file : below });
}

/** Names in a sentence: `a`, `a and b`, `a, b and 7 more`. */
export function listNames(names: readonly string[], most = 5): string {
  const shown = names.length > most ? names.slice(0, most - 1) : names.slice(0, -1);
  const last = names.length > most ? `${names.length - shown.length} more` : names.at(-1);
  return [shown.join(', '), last].filter((part) => part !== '' && part !== undefined).join(' and ');
}
