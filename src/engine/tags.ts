import { InputError } from '../model/errors.js';
import { didYouMean } from '../util/names.js';

/** What `--tags` and `--skip-tags` say. No tags means all. */
export interface TagFilter {
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
}

/** Ansible's words with a meaning of their own. */
const SPECIAL = ['all', 'tagged', 'untagged', 'always', 'never'];

/** Tags that a task may have without a declaration. */
export function isSpecialTag(tag: string): boolean {
  return tag === 'always' || tag === 'never';
}

/** Whether a task with these tags takes part: `always` unless skipped, `never` only when one of its tags is asked for. */
export function isChosen(own: readonly string[], { tags, skipTags }: TagFilter): boolean {
  if (skipTags.some((tag) => matches(tag, own))) return false;
  if (own.includes('never') && !tags.some((tag) => own.includes(tag))) return false;
  if (tags.length === 0 || own.includes('always')) return true;
  return tags.some((tag) => matches(tag, own));
}

/** Whether tags choose among tasks at all. */
export function isFiltered({ tags, skipTags }: TagFilter): boolean {
  return tags.length > 0 || skipTags.length > 0;
}

function matches(tag: string, own: readonly string[]): boolean {
  if (tag === 'all') return true;
  if (tag === 'tagged') return own.length > 0;
  if (tag === 'untagged') return own.length === 0;
  return own.includes(tag);
}

/** Refuses tags that no task has. */
export function requireTags({ tags, skipTags }: TagFilter, known: ReadonlySet<string>): void {
  for (const tag of [...tags, ...skipTags]) {
    if (SPECIAL.includes(tag) || known.has(tag)) continue;
    throw new InputError(`no task has the tag "${tag}"${didYouMean(tag, known)}`, {
      hint: known.size === 0 ? 'the playbook uses no tags' : `known tags: ${[...known].sort().join(', ')}`,
    });
  }
}
