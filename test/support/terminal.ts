import type { Output } from '../../src/report/reporter.js';

/** A terminal in memory: it knows the escapes that the screen uses, scrolls, and wraps. */
export interface FakeTerminal extends Output {
  columns: number;
  rows: number;
  /** All lines from the first one written, scrolled-out ones too, without the empty ones at the end. */
  text(): string;
  /** The lines that are in view. */
  view(): readonly string[];
  cursorHidden(): boolean;
  /** How often it was written to. */
  writes(): number;
}

const TOKEN = /\u001b\[(\??)(\d*)([A-Za-z])|\u001b\[[\d;]*m|[\s\S]/gu;

export function fakeTerminal(columns = 80, rows = 24): FakeTerminal {
  const lines: string[][] = [[]];
  let row = 0;
  let column = 0;
  let hidden = false;
  let writes = 0;
  const terminal: FakeTerminal = {
    isTTY: true,
    columns,
    rows,
    text: () => shown(lines),
    view: () => shown(lines).split('\n').slice(-terminal.rows),
    cursorHidden: () => hidden,
    writes: () => writes,
    write: (text) => {
      writes++;
      for (const [token, mark, number, command] of text.matchAll(TOKEN)) {
        if (command === 'A') row = Math.max(topOf(lines, terminal.rows), row - Number(number || 1));
        else if (command === 'J') lines.splice(row, lines.length, (lines[row] ?? []).slice(0, column));
        else if (mark === '?' && number === '25') hidden = command === 'l';
        else if (command !== undefined || token.startsWith('\u001b')) continue;
        else if (token === '\n') newLine();
        else if (token === '\r') column = 0;
        else put(token);
      }
    },
  };
  const newLine = (): void => {
    row++;
    column = 0;
    while (lines.length <= row) lines.push([]);
  };
  const put = (character: string): void => {
    if (column >= terminal.columns) newLine();
    (lines[row] ??= [])[column++] = character;
  };
  return terminal;
}

function topOf(lines: readonly unknown[], rows: number): number {
  return Math.max(0, lines.length - rows);
}

function shown(lines: readonly (readonly (string | undefined)[])[]): string {
  return lines
    .map((line) =>
      Array.from(line, (character) => character ?? ' ')
        .join('')
        .trimEnd(),
    )
    .join('\n')
    .trimEnd();
}
