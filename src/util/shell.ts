import { mapText, type Text } from './secret.js';

const SAFE_WORD = /^[A-Za-z0-9_@%+=:,./-]+$/;

/**
 * One word for a POSIX shell, whatever it holds except NUL, which no shell word can carry.
 * The only place of the project that quotes.
 */
export function quote(word: string): string {
  if (word.includes('\0')) throw new RangeError('a shell word cannot hold a NUL character');
  return SAFE_WORD.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A secret word keeps its secrecy: its quoted form masks as its mask does. */
export function quoteText(word: Text): Text {
  return mapText(word, quote);
}

/** A command line out of words, each quoted. */
export function shellLine(...words: readonly string[]): string {
  return words.map(quote).join(' ');
}
