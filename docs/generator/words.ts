/** What the plain types of zod are called. */
export const PLAIN: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'number',
  int: 'whole number',
  boolean: '`true` or `false`',
  unknown: 'anything',
  ipv4: 'IPv4 address',
  ipv6: 'IPv6 address',
  url: 'URL',
  email: 'mail address',
};

const PLAIN_WORDS = new Set([...Object.values(PLAIN), 'value', 'secret text']);

/** The limits of a number, or of how long a text or list is. */
export interface Bounds {
  readonly min?: string | undefined;
  readonly max?: string | undefined;
  /** More than zero. */
  readonly positive?: true | undefined;
}

/** What is taken: a sentence "expected …" says more than the type does, and limits follow. */
export function joinWords(words: string, messages: readonly string[], bounds: Bounds): string {
  const expected = messages
    .filter((message) => message.startsWith('expected '))
    .map((message) => message.slice('expected '.length));
  // What a named schema says already ("an absolute path …") stays in front.
  const all = expected.length > 0 && PLAIN_WORDS.has(words) ? expected : [words, ...expected];
  const limits = inWords(bounds, words === PLAIN['number'] || words === PLAIN['int']);
  return [[...new Set(all)].join('; '), limits].filter((part) => part !== '').join(', ');
}

function inWords({ min, max, positive }: Bounds, counts: boolean): string {
  if (positive === true) return 'more than 0';
  // A text or list of at least one is one that is not empty.
  if (!counts && min === '1' && max === undefined) return 'not empty';
  if (min !== undefined && max !== undefined) return counts ? `${min} to ${max}` : `${min} to ${max} long`;
  const limit = min === undefined ? (max === undefined ? undefined : `at most ${max}`) : `at least ${min}`;
  return limit === undefined ? '' : counts ? limit : `${limit} long`;
}

/** `a`, `a or b`, `a, b or c`. */
export function oneOf(words: readonly string[]): string {
  const distinct = [...new Set(words)];
  return [distinct.slice(0, -1).join(', '), distinct.at(-1) ?? ''].filter((part) => part !== '').join(' or ');
}

export function code(text: string): string {
  return `\`${text}\``;
}
