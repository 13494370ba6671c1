import type { SourcePosition } from '../model/errors.js';
import type { Secret } from '../util/secret.js';

/** A place in a file that was decrypted: values that stand there are not shown, whatever their type. */
export interface VaultedPosition extends SourcePosition {
  readonly vaulted: true;
}

/** Whether a place is in a vaulted file. */
export function isVaultedPosition(position: SourcePosition): position is VaultedPosition {
  return 'vaulted' in position;
}

/** A secret that is not had yet: `!vault`, `!env` or `!command` and the text that stands behind it. */
export class PendingSecret {
  constructor(
    readonly kind: 'vault' | 'env' | 'command',
    readonly text: string,
  ) {}
}

export type Scalar = string | number | boolean | null | Secret | PendingSecret;

/** A YAML document with each part's place, aliases followed and merge keys merged. */
export type Node = MapNode | ListNode | ScalarNode;

export interface MapNode {
  readonly kind: 'map';
  readonly at: SourcePosition;
  readonly entries: ReadonlyMap<string, Entry>;
}

interface ListNode {
  readonly kind: 'list';
  readonly at: SourcePosition;
  readonly items: readonly Node[];
}

interface ScalarNode {
  readonly kind: 'scalar';
  readonly at: SourcePosition;
  readonly value: Scalar;
}

/** A key's value. `at` is the key's place: where a person looks for a setting. */
export interface Entry {
  readonly at: SourcePosition;
  readonly node: Node;
}

/** What stands there, in words for an error: never a secret, never much of it. */
export function describeNode(node: Node): string {
  if (node.kind === 'map') return 'a map';
  if (node.kind === 'list') return 'a list';
  if (node.value === null) return 'nothing';
  if (typeof node.value === 'object' || isVaultedPosition(node.at)) return 'a secret';
  return JSON.stringify(node.value);
}
