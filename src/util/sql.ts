import { Secret, joinText, reveal, type Text } from './secret.js';

const ESCAPES: Readonly<Record<string, string>> = {
  "'": "\\'",
  '\\': '\\\\',
  '\0': '\\0',
  '\n': '\\n',
  '\r': '\\r',
  '\x1a': '\\Z',
};

/**
 * A string literal for MySQL and MariaDB, on one line whatever it holds. It relies on the backslash being an escape:
 * the session's sql_mode must not have NO_BACKSLASH_ESCAPES.
 */
export function sqlString(text: string): string;
export function sqlString(text: Text): Text;
export function sqlString(text: Text): Text {
  // A secret's escaped form is a secret of its own, so that it is masked too where a server repeats it.
  const inner = typeof text === 'string' ? escape(text) : new Secret(escape(reveal(text)));
  return joinText(["'", inner, "'"]);
}

/** A quoted identifier. Throws RangeError for one with a NUL or a line break, which no sane name has. */
export function sqlName(name: string): string {
  if (/[\0\r\n]/.test(name)) throw new RangeError('a name in SQL cannot hold a NUL or a line break');
  return `\`${name.replaceAll('`', '``')}\``;
}

/** An account: `'app'@'10.0.0.%'`. */
export function sqlAccount(user: string, host: string): string {
  return `${sqlString(user)}@${sqlString(host)}`;
}

function escape(text: string): string {
  return text.replace(/['\\\0\n\r\x1a]/g, (character) => ESCAPES[character] ?? character);
}
