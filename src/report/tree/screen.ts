import { stripVTControlCharacters } from 'node:util';
import type { Output } from '../reporter.js';
import { width } from '../width.js';

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const CLEAR_BELOW = '\u001b[J';
// Terminals that know it show all between the two at once; others ignore it.
const BEGIN_UPDATE = '\u001b[?2026h';
const END_UPDATE = '\u001b[?2026l';

/** A terminal's lower end, drawn over and over, with lines that stay above it. */
export interface Screen {
  /** Keeps lines for good, above what is drawn. They appear with the next `draw` or `clear`. */
  keep(lines: readonly string[]): void;
  /** Replaces what was drawn. Lines must not be wider than the terminal. */
  draw(lines: readonly string[]): void;
  /** Takes away what was drawn, writes the kept lines and gives the cursor back. */
  clear(): void;
}

/** The size of a terminal; one that does not say (a serial line's is 0 × 0) is taken for 80 × 24. */
export function sizeOf({ columns, rows }: Output): { readonly columns: number; readonly rows: number } {
  return { columns: columns || 80, rows: rows || 24 };
}

export function screen(output: Output): Screen {
  let kept: string[] = [];
  let drawn: readonly string[] = [];
  let hidden = false;

  // However the process ends, the cursor comes back.
  const restore = (): void => {
    if (hidden) output.write(SHOW_CURSOR);
  };

  const flush = (next: readonly string[]): void => {
    const text = erase(drawn, sizeOf(output).columns) + kept.map((line) => `${line}\n`).join('') + next.join('\n');
    kept = [];
    drawn = next;
    if (text !== '') output.write(BEGIN_UPDATE + text + END_UPDATE);
  };

  return {
    keep: (lines) => {
      kept.push(...lines);
    },
    draw: (lines) => {
      if (kept.length === 0 && lines.join('\n') === drawn.join('\n')) return;
      if (!hidden) {
        hidden = true;
        output.write(HIDE_CURSOR);
        process.once('exit', restore);
      }
      flush(lines);
    },
    clear: () => {
      flush([]);
      restore();
      hidden = false;
      process.removeListener('exit', restore);
    },
  };
}

/** Goes back to the first column of the first drawn line and clears from there on. A narrowed terminal has wrapped lines. */
function erase(drawn: readonly string[], columns: number): string {
  if (drawn.length === 0) return '';
  const rows = drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(width(stripVTControlCharacters(line)) / columns)), 0);
  return `\r${rows > 1 ? `\u001b[${rows - 1}A` : ''}${CLEAR_BELOW}`;
}
