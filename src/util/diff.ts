import type { Diff } from '../model/change.js';
import { MASK, mask, reveal, type Text } from './secret.js';

/**
 * The two sides of a text's change, fit to be shown. Where the new text holds secrets, so may the old one, and those are
 * unknown: each of its lines is shown only when it is also a line of the new text without a secret, or starts as a
 * secret line of the new text does (then only that start is shown).
 */
export function textDiff(before: string | undefined, after: Text | undefined): Diff {
  if (after === undefined || typeof after === 'string') return { before, after };
  return { before: before === undefined ? undefined : maskOld(before, after), after: mask(after) };
}

function maskOld(before: string, after: Text): string {
  const shown = mask(after).split('\n');
  const real = reveal(after).split('\n');
  const open = new Set(shown.filter((line, index) => line === real[index]));
  const starts = shown.filter((line) => line.includes(MASK)).map((line) => line.slice(0, line.indexOf(MASK)));
  const maskedByReal = new Map(real.map((line, index) => [line, shown[index] ?? MASK]));
  return before
    .split('\n')
    .map((line) => {
      if (open.has(line)) return line;
      const same = maskedByReal.get(line);
      if (same !== undefined) return same;
      const start = starts.find((candidate) => candidate !== '' && line.startsWith(candidate));
      return `${start ?? ''}${MASK}${start === undefined ? '' : ' (was another)'}`;
    })
    .join('\n');
}
