/** One term of a host pattern. */
export interface PatternTerm {
  /** How it acts on what the terms before it selected: adds to it, keeps only its own of it, takes its own out of it. */
  readonly sign: 'add' | 'keep' | 'drop';
  /** A name, a glob, or `~` and a regular expression. */
  readonly text: string;
}

/**
 * Puts the parts of a host pattern into the order in which they act: what adds, then what keeps (`&`), then what drops
 * (`!`). With nothing that adds, it begins from `all`.
 */
export function patternTerms(parts: readonly string[]): readonly PatternTerm[] {
  const terms = parts.map((text): PatternTerm => {
    if (text.startsWith('!')) return { sign: 'drop', text: text.slice(1).trim() };
    if (text.startsWith('&')) return { sign: 'keep', text: text.slice(1).trim() };
    return { sign: 'add', text };
  });
  const of = (sign: PatternTerm['sign']) => terms.filter((term) => term.sign === sign);
  const adding = of('add');
  const begin: readonly PatternTerm[] = adding.length === 0 && terms.length > 0 ? [{ sign: 'add', text: 'all' }] : adding;
  return [...begin, ...of('keep'), ...of('drop')];
}

/** Splits a host pattern at `:`, `,` and line ends outside of brackets. */
export function splitPattern(pattern: string): readonly string[] {
  const terms: string[] = [''];
  let depth = 0;
  for (const character of pattern) {
    const current = terms.at(-1) ?? '';
    const isRegex = /^\s*[!&]?\s*~/.test(current);
    const escaped = isRegex && /(?:^|[^\\])(?:\\\\)*\\$/.test(current);
    // A regular expression may hold `:` and `,` in its groups, classes and counts.
    if (!escaped && (isRegex ? '[({' : '[').includes(character)) depth++;
    if (!escaped && depth > 0 && (isRegex ? '])}' : ']').includes(character)) depth--;
    if (depth === 0 && (character === ':' || character === ',' || character === '\n')) terms.push('');
    else terms[terms.length - 1] = current + character;
  }
  return terms.map((term) => term.trim()).filter((term) => term !== '');
}

/** A glob (`*`, `?`, `[abc]`, `[!abc]`, `[a-f]`) as a regular expression for a whole name. */
export function globToRegExp(glob: string): RegExp {
  const parts = glob.match(/\[!?\]?[^\]]*\]|[\s\S]/g) ?? [];
  const source = parts.map((part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    if (part.length > 1)
      return `[${part.startsWith('[!') ? '^' : ''}${part
        .replace(/^\[!?/, '')
        .slice(0, -1)
        .replace(/[\\\]^]/g, '\\$&')}]`;
    return part.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
  });
  return new RegExp(`^${source.join('')}$`);
}
