/** The folders above a path, the outermost first, `/` left out: `/a/b/c` gives `/a` and `/a/b`. */
export function ancestors(path: string): readonly string[] {
  const parts = path.split('/').slice(1, -1);
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`);
}

/** The folder that a path stands in. */
export function parentOf(path: string): string {
  return ancestors(path).at(-1) ?? '/';
}
