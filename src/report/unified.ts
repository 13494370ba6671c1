import { structuredPatch } from 'diff';
import type { Diff } from '../model/change.js';
import { count, linesOf, printable } from './text.js';

/** A line of a unified diff. */
export interface DiffLine {
  readonly kind: 'hunk' | 'added' | 'removed' | 'same' | 'note';
  readonly text: string;
}

/** Lines of one diff that are shown; what is longer ends with a note of how many are left. */
export const SHOWN_LINES = 400;

/** Beyond these the search for the shortest difference is given up: it grows with the square of the difference. */
const LIMITS = { maxEditLength: 3000, timeout: 500 };

/** The difference of two texts as a unified diff with three lines of context, without file headers. */
export function unifiedDiff(diff: Diff): readonly DiffLine[] {
  const lines = compare(diff);
  if (lines.length <= SHOWN_LINES) return lines;
  return [...lines.slice(0, SHOWN_LINES), note(`… ${count(lines.length - SHOWN_LINES, 'more line')}`)];
}

function compare({ before, after }: Diff): readonly DiffLine[] {
  if (before === after) return [];
  if (before === undefined) return whole('added', '+', after ?? '');
  if (after === undefined) return whole('removed', '-', before);
  const patch = structuredPatch('', '', printable(before), printable(after), '', '', { context: 3, ...LIMITS });
  if (patch === undefined) {
    return [
      note(
        `too different to be compared line by line: ${count(linesOf(before).length, 'line')} become ${count(linesOf(after).length, 'line')}`,
      ),
    ];
  }
  if (patch.hunks.length === 0) return [note('differs only in characters that cannot be shown (line ends, control characters)')];
  return patch.hunks.flatMap((hunk) => [
    {
      kind: 'hunk' as const,
      text: `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`,
    },
    ...hunk.lines.map(line),
  ]);
}

function whole(kind: 'added' | 'removed', mark: string, text: string): readonly DiffLine[] {
  if (text === '') return [note('an empty text')];
  return linesOf(printable(text)).map((one) => ({ kind, text: `${mark}${one}` }));
}

function line(text: string): DiffLine {
  switch (text[0]) {
    case '+':
      return { kind: 'added', text };
    case '-':
      return { kind: 'removed', text };
    case '\\':
      return note('\\ no newline at the end');
    default:
      return { kind: 'same', text };
  }
}

function note(text: string): DiffLine {
  return { kind: 'note', text };
}
