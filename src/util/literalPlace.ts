import { readFileSync } from 'node:fs';
import type { SourcePosition } from '../model/errors.js';

/** Where to look for a text first. */
interface Near {
  /** Behind this other text. */
  readonly after?: string | undefined;
  /** Closest to this line. */
  readonly line?: number | undefined;
}

/**
 * Where a text stands in quotes in a source file: for a fault of a value that does not know its own place. Without such a
 * text, the place is the line that was given, or the file.
 */
export function placeOfLiteral(file: string, text: string, { after, line }: Near = {}): SourcePosition {
  const source = readSource(file);
  const all = offsetsOf(source, text);
  const from = after === undefined ? 0 : (offsetsOf(source, after)[0] ?? 0);
  const distance = (offset: number): number => Math.abs(lineOf(source, offset) - (line ?? 1));
  const found =
    line === undefined
      ? (all.find((offset) => offset > from) ?? all[0])
      : [...all].sort((a, b) => distance(a) - distance(b)).find((offset) => distance(offset) <= FAR);
  if (found === undefined) return line === undefined ? { file } : { file, line };
  return { file, line: lineOf(source, found), column: found - source.lastIndexOf('\n', found - 1) };
}

/** Where a key stands that is set in a call which begins in a line; that line where it is not found. */
export function placeOfKey({ file, line = 1 }: SourcePosition, key: string): SourcePosition {
  const wanted = new RegExp(`(?<![\\w$.])['"]?${key.replaceAll(/[^\w]/g, '\\$&')}['"]?\\s*(?=[:,}])`);
  const lines = readSource(file).split('\n');
  for (let at = line; at <= Math.min(lines.length, line + FAR); at++) {
    const column = lines[at - 1]?.search(wanted) ?? -1;
    if (column >= 0) return { file, line: at, column: column + 1 };
  }
  return { file, line };
}

/** A call is not longer than this, in lines. */
const FAR = 30;

function readSource(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Where it begins, the quote with it. */
function offsetsOf(source: string, text: string): readonly number[] {
  const offsets: number[] = [];
  for (const quote of [`'`, `"`, '`']) {
    const wanted = quote + text + quote;
    for (let at = source.indexOf(wanted); at >= 0; at = source.indexOf(wanted, at + 1)) offsets.push(at);
  }
  return offsets.sort((a, b) => a - b);
}

function lineOf(source: string, offset: number): number {
  return source.slice(0, offset).split('\n').length;
}
