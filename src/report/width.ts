import type { Paint } from './colours.js';

// Two columns on a terminal: emoji shown as pictures, and the East Asian wide and full-width blocks.
const WIDE =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]/u;
const ZERO = /^[\p{Mn}\p{Me}\p{Cf}]$/u;

/** Columns that a text without escape sequences takes on a terminal. */
export function width(text: string): number {
  let columns = 0;
  for (const character of text) columns += widthOf(character);
  return columns;
}

function widthOf(character: string): number {
  if (character >= ' ' && character <= '~') return 1;
  if (ZERO.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** Fills a text with spaces up to a number of columns. */
export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - width(text)));
}

/** A text cut to a number of columns, ending in `…` where it was longer. */
export function cut(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  let kept = '';
  let used = 0;
  for (const character of text) {
    used += widthOf(character);
    if (used > columns - 1) break;
    kept += character;
  }
  return columns < 1 ? '' : `${kept}…`;
}

/** A piece of a line with the colour that it is to have. */
export interface Span {
  readonly text: string;
  readonly paint?: Paint | undefined;
}

/** Paints the pieces of a line, cut to a number of columns. */
export function fit(spans: readonly Span[], columns: number): string {
  let left = columns;
  let line = '';
  for (const { text, paint } of spans) {
    const shown = cut(text, left);
    line += paint === undefined ? shown : paint(shown);
    left -= width(shown);
    if (shown !== text) break;
  }
  return line;
}
