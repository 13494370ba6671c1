/**
 * A file pattern as `find` understands it: `*` any characters (`/` too), `?` one, `[ab]` one of them, `[!ab]` none of
 * them. One without a slash is matched against a name at any depth; one with a slash against the path from the root.
 */
export interface Glob {
  readonly pattern: string;
  /** Whether it is matched against the whole path rather than the name. */
  readonly anchored: boolean;
}

/** Reads a pattern; a slash at its beginning only anchors it, one at its end says nothing. */
export function parseGlob(source: string): Glob {
  const trimmed = source.replace(/\/+$/, '');
  return { pattern: trimmed.replace(/^(\.?\/)+/, ''), anchored: trimmed.includes('/') };
}

/** Whether a path, relative to the root, is matched itself. */
export function matchesGlob({ pattern, anchored }: Glob, path: string): boolean {
  return toRegExp(pattern).test(anchored ? path : path.slice(path.lastIndexOf('/') + 1));
}

function toRegExp(pattern: string): RegExp {
  const source = pattern.replaceAll(/\[([!^]?)([^\]/]+)\]|[\s\S]/g, (char, not: string | undefined, set: string | undefined) => {
    if (set !== undefined) return `[${not === '' ? '' : '^'}${set.replaceAll(/[\\^]/g, '\\$&')}]`;
    if (char === '*') return '.*';
    if (char === '?') return '.';
    return char.replace(/[\\^$.|+()[\]{}]/, '\\$&');
  });
  return new RegExp(`^${source}$`, 's');
}
