import { InputError } from '../model/errors.js';
import { didYouMean } from '../util/names.js';
import type { Faults } from './faults.js';
import { describeNode, type Entry, type Node } from './tree.js';

/** Variables of one place, before they are merged: a name's value and where it stands. */
export type Layer = ReadonlyMap<string, Entry>;

/** A layer with nothing in it. */
export const EMPTY_LAYER: Layer = new Map();

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A map of variables; `what` names the place in an error (`vars`, `the file`). Nothing is an empty one. */
export function readLayer(node: Node, what: string, faults: Faults): Layer {
  if (node.kind === 'scalar' && node.value === null) return EMPTY_LAYER;
  if (node.kind !== 'map') {
    faults.add(new InputError(`${what} must be a map of variables, found ${describeNode(node)}`, { where: node.at }));
    return EMPTY_LAYER;
  }
  for (const [name, entry] of node.entries) {
    if (!NAME.test(name)) {
      const near = name.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d)/, '_');
      faults.add(
        new InputError(`"${name}" is not a variable's name (letters, digits and "_")${didYouMean(name, [near])}`, {
          where: entry.at,
        }),
      );
    }
  }
  return node.entries;
}
