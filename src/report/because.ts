import { count, oneLine } from './text.js';

/**
 * Which tasks decide about one that is known after apply: `service mariadb, and 2 tasks before it`. The last one is
 * nearest; the others often did no more than bring that about, so they are counted, unless all are wanted.
 */
export function becauseWords(because: readonly string[], all = false): string {
  const last = because.at(-1);
  if (last === undefined) return '';
  const earlier = because.length - 1;
  if (all || earlier === 0) return because.map(oneLine).join(', ');
  return `${oneLine(last)}, and ${count(earlier, 'task')} before it`;
}
