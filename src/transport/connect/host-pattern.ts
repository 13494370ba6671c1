/**
 * OpenSSH's wildcard match: `*` is any text, `?` one character, all else itself. Host names are compared without case.
 */
export function matchesPattern(text: string, pattern: string): boolean {
  const expression = pattern
    .toLowerCase()
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/\*+/g, '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 's').test(text.toLowerCase());
}

/** Whether a list of patterns holds a name: one must match, and none of those with a `!` in front. */
export function matchesPatterns(text: string, patterns: readonly string[]): boolean {
  const negated = patterns.filter((pattern) => pattern.startsWith('!'));
  if (negated.some((pattern) => matchesPattern(text, pattern.slice(1)))) return false;
  return patterns.some((pattern) => !pattern.startsWith('!') && matchesPattern(text, pattern));
}
