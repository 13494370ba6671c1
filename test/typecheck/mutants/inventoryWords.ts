import { isMap, isScalar, parseDocument, type Node, type Pair } from 'yaml';
import { expandHosts } from '../../../src/inventory/hostRange.js';
import type { MutantKind, Word } from './mutant.js';

/**
 * The words of an inventory: groups, sections, hosts, variables, and the environment variables that it names. A host that
 * only one group names is nobody's word but its own.
 */
export function inventoryWords(file: string, text: string): readonly Word[] {
  const words: Word[] = [];
  const add = (kind: MutantKind, node: unknown): void => {
    if (isScalar(node) && typeof node.value === 'string' && node.range)
      words.push({ kind, file, offset: node.range[0], text: node.value });
  };
  const variables = (node: unknown): void => {
    for (const { key, value } of pairsOf(node)) {
      add('variable', key);
      if (isScalar(value) && value.tag === '!env') words.push(environmentWord(file, text, value));
    }
  };
  const groups = (node: unknown): void => {
    for (const { key, value } of pairsOf(node)) {
      add('group', key);
      for (const section of pairsOf(value)) {
        add('section', section.key);
        const name = isScalar(section.key) ? section.key.value : undefined;
        if (name === 'children') groups(section.value);
        if (name === 'vars') variables(section.value);
        if (name === 'hosts') {
          for (const host of pairsOf(section.value)) {
            add('host', host.key);
            variables(host.value);
          }
        }
      }
    }
  };
  groups(parseDocument(text, { logLevel: 'error' }).contents);
  const hosts = words.filter(({ kind }) => kind === 'host');
  const isShared = (word: Word): boolean =>
    hosts.some(
      (other) => other !== word && expandHosts(other.text).names.some((name) => expandHosts(word.text).names.includes(name)),
    );
  return words.filter((word) => word.kind !== 'host' || isShared(word));
}

function pairsOf(node: unknown): readonly Pair[] {
  return isMap(node) ? node.items : [];
}

/** The range of a tagged scalar may begin at its tag. */
function environmentWord(file: string, text: string, node: Node & { readonly value: unknown }): Word {
  const name = String(node.value);
  return { kind: 'variable', file, offset: text.indexOf(name, node.range?.[0]), text: name };
}
