import { readFileSync } from 'node:fs';
import { InputError } from '../model/errors.js';
import type { Inventory } from '../model/inventory.js';
import { didYouMean } from '../util/names.js';
import { globToRegExp, patternTerms, splitPattern } from './patternTerms.js';

/** A hint that lists more than this helps nobody. */
const MOST_LISTED = 30;

/**
 * The hosts that an Ansible host pattern selects, in the inventory's order. Terms are hosts, groups, globs (`web-*`),
 * regular expressions (`~web-\d+`), places in a group (`web[0]`, `web[-1]`, `web[1:2]`, ends included) and `@FILE` with
 * terms in its lines; `:` or `,` add, `:&` intersects, `:!` takes out; `all` or `*` is every host.
 * Throws InputError for a term that is or matches nothing, and where no host is left.
 */
export function selectHosts(inventory: Inventory, pattern: string): readonly string[] {
  const parts = splitPattern(pattern).flatMap((part) => (part.startsWith('@') ? partsOfFile(part.slice(1)) : [part]));
  const terms = patternTerms(parts);
  if (terms.length === 0) throw new InputError('the host pattern is empty', { hint: 'name hosts or groups, or "all"' });
  let selected = new Set<string>();
  for (const { sign, text } of terms) {
    const matched = new Set(matchTerm(inventory, text, pattern));
    if (sign === 'add') selected = new Set([...selected, ...matched]);
    else selected = new Set([...selected].filter((host) => matched.has(host) === (sign === 'keep')));
  }
  if (selected.size === 0) throw new InputError(`the host pattern "${pattern}" leaves no host`);
  return inventory.hosts.map((host) => host.name).filter((name) => selected.has(name));
}

function partsOfFile(file: string): readonly string[] {
  try {
    return splitPattern(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new InputError(`the file of host patterns ${file} cannot be read`, { where: { file }, cause });
  }
}

function matchTerm(inventory: Inventory, text: string, pattern: string): readonly string[] {
  // `web[0]` is a place only where `web` is something; otherwise the brackets are a glob's.
  const [, base = '', index, first, last] = /^(.+)\[(?:(-?\d+)|(\d*):(\d*))\]$/.exec(text) ?? [];
  const hosts = base === '' || text.startsWith('~') ? undefined : namedBy(inventory, base);
  if (hosts === undefined) {
    const named = namedBy(inventory, text);
    if (named === undefined) throw unmatched(inventory, text, pattern);
    return named;
  }
  const picked =
    index === undefined
      ? hosts.slice(first === '' ? 0 : Number(first), last === '' ? undefined : Number(last) + 1)
      : hosts.slice(Number(index), Number(index) === -1 ? undefined : Number(index) + 1);
  if (picked.length > 0) return picked;
  throw new InputError(`"${text}" is beyond the ${hosts.length} hosts of "${base}", which count from 0${within(text, pattern)}`);
}

/** The hosts of a name, glob or regular expression; undefined where it is no host, no group and matches none. */
function namedBy(inventory: Inventory, text: string): readonly string[] | undefined {
  if (text === '*') return inventory.groups.get('all') ?? [];
  const isPattern = text.startsWith('~') || /[*?[]/.test(text);
  const matches = isPattern ? matcher(text) : (name: string) => name === text;
  const groups = [...inventory.groups].filter(([name]) => matches(name));
  const ofGroups = groups.flatMap(([, members]) => members);
  // A plain name that is both a group's and a host's is the group, as in Ansible; a pattern is both.
  const names = groups.length > 0 && !isPattern ? [] : inventory.hosts.map((host) => host.name).filter(matches);
  if (groups.length === 0 && names.length === 0) return undefined;
  const all = new Set([...ofGroups, ...names]);
  return inventory.hosts.map((host) => host.name).filter((name) => all.has(name));
}

function matcher(text: string): (name: string) => boolean {
  try {
    // Like Ansible's: it must match from the beginning of the name, not up to its end.
    const expression = text.startsWith('~') ? new RegExp(`^(?:${text.slice(1)})`) : globToRegExp(text);
    return (name) => expression.test(name);
  } catch (cause) {
    throw new InputError(`"${text}" is not a valid pattern: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

function unmatched(inventory: Inventory, text: string, pattern: string): InputError {
  const names = [...inventory.groups.keys(), ...inventory.hosts.map((host) => host.name)];
  const what = text.startsWith('~') || /[*?[]/.test(text) ? `no host or group matches "${text}"` : `no host or group "${text}"`;
  const near = didYouMean(text, names);
  const groups = [...inventory.groups.keys()].filter((name) => name !== 'ungrouped');
  const hint = near === '' && groups.length <= MOST_LISTED ? `groups of ${inventory.file}: ${groups.join(', ')}` : undefined;
  return new InputError(`${what}${within(text, pattern)}${near}`, { hint });
}

function within(text: string, pattern: string): string {
  return text === pattern ? '' : ` (in "${pattern}")`;
}
