import { joinText, mapText, reveal, type Text } from '../../util/secret.js';

/** Where new lines go in a text that has no place for them yet. Regular expressions are sources, matched against each line. */
export interface Placement {
  /** After the last line that matches; `EOF` or no match: at the end. */
  readonly insertAfter?: string | undefined;
  /** Before the last line that matches; `BOF`: at the beginning; no match: at the end. */
  readonly insertBefore?: string | undefined;
}

export interface WantedLine extends Placement {
  readonly line: Text;
  /** The last line that matches is replaced. */
  readonly match?: string | undefined;
}

/** The text with a line in it. A text that has it is returned as it is. */
export function withLine(text: string, wanted: WantedLine): Text {
  const { match, line } = wanted;
  const lines = linesOf(text);
  const plain = reveal(line);
  const at = match === undefined ? -1 : lastMatch(lines, match);
  if (at >= 0) {
    // Where the line does not match what it replaces, being there once is enough: else each run would add one more.
    const found = lines[at] === plain || (lines.includes(plain) && !new RegExp(match ?? '').test(plain));
    return found ? text : splice(lines, at, 1, [line]);
  }
  return lines.includes(plain) ? text : splice(lines, placeFor(lines, wanted), 0, [line]);
}

/** The text without the lines that match, or without those that are equal to `line` where there is no `match`. */
export function withoutLine(
  text: string,
  wanted: { readonly line?: Text | undefined; readonly match?: string | undefined },
): string {
  const pattern = wanted.match === undefined ? undefined : new RegExp(wanted.match);
  const plain = wanted.line === undefined ? undefined : reveal(wanted.line);
  const lines = linesOf(text);
  const kept = lines.filter((line) => (pattern === undefined ? line !== plain : !pattern.test(line)));
  return kept.length === lines.length ? text : ended(kept);
}

/** The lines that stand around a block. */
export interface Markers {
  readonly begin: string;
  readonly end: string;
}

/** Where a block stands: the index of its first and last marker line; `undefined`: nowhere; `damaged`: the markers do not pair. */
export function findBlock(text: string, { begin, end }: Markers): { first: number; last: number } | undefined | 'damaged' {
  const lines = linesOf(text);
  const begins = lines.flatMap((line, index) => (line === begin ? [index] : []));
  const ends = lines.flatMap((line, index) => (line === end ? [index] : []));
  const [first] = begins;
  const [last] = ends;
  if (first === undefined && last === undefined) return undefined;
  if (first === undefined || last === undefined || last < first || begins.length + ends.length !== 2) return 'damaged';
  return { first, last };
}

/** The text with a block between its markers: in the block's old place, or in a new one. */
export function withBlock(text: string, block: Text, markers: Markers, placement: Placement): Text {
  const lines = linesOf(text);
  const body = reveal(block) === '' ? [] : [mapText(block, (plain) => plain.replace(/\n$/, ''))];
  const at = findBlock(text, markers);
  const range = typeof at === 'object' ? at : undefined;
  const place = range?.first ?? placeFor(lines, placement);
  const after = splice(lines, place, range === undefined ? 0 : range.last - range.first + 1, [
    markers.begin,
    ...body,
    markers.end,
  ]);
  return reveal(after) === text ? text : after;
}

/** The text without a block and its markers. */
export function withoutBlock(text: string, markers: Markers): string {
  const at = findBlock(text, markers);
  if (typeof at !== 'object') return text;
  return ended(linesOf(text).toSpliced(at.first, at.last - at.first + 1));
}

function placeFor(lines: readonly string[], { insertAfter, insertBefore }: Placement): number {
  if (insertBefore === 'BOF') return 0;
  const pattern = insertBefore ?? insertAfter;
  const at = pattern === undefined || pattern === 'EOF' ? -1 : lastMatch(lines, pattern);
  if (at < 0) return lines.length;
  return insertBefore === undefined ? at + 1 : at;
}

function lastMatch(lines: readonly string[], source: string): number {
  const pattern = new RegExp(source);
  return lines.findLastIndex((line) => pattern.test(line));
}

/** A text's lines without their newlines; a last line without one counts like the others. */
function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function ended(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

function splice(lines: readonly string[], at: number, remove: number, added: readonly Text[]): Text {
  const parts: Text[] = [...lines.slice(0, at), ...added, ...lines.slice(at + remove)];
  return joinText([...parts, ''], '\n');
}
