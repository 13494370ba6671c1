import { inspect } from 'node:util';

/** What a secret prints as, everywhere. */
export const MASK = '•••';

/** Values shorter than this are not searched for in text: masking every "a" would destroy the text and reveal the value. */
const SHORTEST_SCRUBBED = 4;

const known = new Set<string>();

/**
 * A value that must never be shown. It prints as `•••` in strings, JSON and `console.log`; `reveal` is the only way
 * to its value, so a search for `reveal(` finds every place where a secret leaves its wrapper.
 */
export class Secret {
  readonly #value: string;
  /** The same text with only the secret parts masked: what a diff may show. `•••` unless given. */
  readonly masked: string;

  constructor(value: string, masked: string = MASK) {
    this.#value = value;
    this.masked = masked;
    if (masked === MASK && value.length >= SHORTEST_SCRUBBED) known.add(value);
  }

  /** Reads the value. Call the function `reveal`, which is easier to search for. */
  static read(secret: Secret): string {
    return secret.#value;
  }

  toString(): string {
    return this.masked;
  }

  toJSON(): string {
    return this.masked;
  }

  [inspect.custom](): string {
    return this.masked;
  }
}

/** Text that may be secret as a whole or in parts. */
export type Text = string | Secret;

/** The real value of a text, secret or not. Its result must not reach a log, an argv, an event or an error. */
export function reveal(text: Text): string {
  return typeof text === 'string' ? text : Secret.read(text);
}

/** The text as it may be shown to a person. */
export function mask(text: Text): string {
  return typeof text === 'string' ? text : text.masked;
}

/**
 * A template literal that stays secret when one of its parts is: ``secretText`IDENTIFIED BY ${password}` `` shows as
 * `IDENTIFIED BY •••`.
 */
export function secretText(strings: TemplateStringsArray, ...parts: readonly (Text | number)[]): Text {
  return joinText(strings.flatMap((piece, index) => [piece, ...(index < parts.length ? [toText(parts[index] ?? '')] : [])]));
}

/** Joins texts; the result is secret when one of them is. */
export function joinText(parts: readonly Text[], separator = ''): Text {
  const value = parts.map(reveal).join(separator);
  return parts.every((part) => typeof part === 'string') ? value : new Secret(value, parts.map(mask).join(separator));
}

/** Applies a function (quoting, say) to both the value and what is shown of it. */
export function mapText(text: Text, change: (plain: string) => string): Text {
  return typeof text === 'string' ? change(text) : new Secret(change(reveal(text)), change(text.masked));
}

/** Replaces every secret value made so far by `•••`: for output of commands, which may repeat what they were given. */
export function scrub(text: string): string {
  let clean = text;
  for (const value of known) if (clean.includes(value)) clean = clean.replaceAll(value, MASK);
  return clean;
}

function toText(part: Text | number): Text {
  return typeof part === 'number' ? String(part) : part;
}
