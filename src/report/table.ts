import { pad, width } from './width.js';

/** Rows under their heads, in columns as wide as their widest cell; a line each. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((word, column) => Math.max(width(word), ...rows.map((row) => width(row[column] ?? ''))));
  return [head, ...rows]
    .map((row) => `${row.map((cell, column) => pad(cell, column === row.length - 1 ? 0 : (widths[column] ?? 0))).join('  ')}\n`)
    .join('');
}
