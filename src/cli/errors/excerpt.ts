import { readFileSync } from 'node:fs';
import type { SourcePosition } from '../../model/errors.js';
import { printable } from '../../report/text.js';
import { cut, width } from '../../report/width.js';
import { MASK, scrub } from '../../util/secret.js';

/** Columns of a line that are shown. */
const LONGEST = 120;

const SECRET_NAME = /((?:pass(?:word|wd|phrase)?|secret|token|private_?key)["']?\s*[:=]\s*)\S.*/i;

/**
 * The line of a file that an error is about, with a caret under its column, or under its first word. Nothing where the file cannot be read or
 * the line is not there. What looks like a secret's value is masked.
 */
export function excerpt({ file, line, column }: SourcePosition): readonly string[] {
  if (line === undefined) return [];
  const source = lineOf(file, line);
  if (source === undefined) return [];
  const shown = cut(withoutSecrets(printable(source).replaceAll('\t', ' ')), LONGEST);
  const number = String(line);
  const lines = [`${number} | ${shown}`];
  const at = column ?? shown.search(/\S/) + 1;
  // A column beyond what is left of the line would point at nothing.
  if (at > 0 && at <= shown.length + 1) {
    lines.push(`${' '.repeat(number.length)} | ${' '.repeat(width(shown.slice(0, at - 1)))}^`);
  }
  return lines;
}

function lineOf(file: string, line: number): string | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    // Lines of a vaulted file are counted in the plain text, which is not to be shown.
    return text.startsWith('$ANSIBLE_VAULT;') ? undefined : text.split('\n')[line - 1];
  } catch {
    return undefined;
  }
}

function withoutSecrets(source: string): string {
  return scrub(source).replace(SECRET_NAME, `$1${MASK}`);
}
