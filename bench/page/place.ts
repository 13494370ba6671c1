/** The lines around a workload's part of the page. */
function markers(name: string): readonly [string, string] {
  return [`<!-- bench ${name} -->`, `<!-- end of bench ${name} -->`];
}

/** The workloads that have no place on a page. */
export function withoutPlace(page: string, names: readonly string[]): readonly string[] {
  return names.filter((name) => placeOf(page, name) === undefined);
}

/**
 * A page with another text between a workload's marker comments; all else stays.
 * @throws Error where the page has no such comments.
 */
export function withPart(page: string, name: string, part: string): string {
  const place = placeOf(page, name);
  if (place === undefined) throw new Error(`the page has no place for ${name}: add ${markers(name).join(' and ')}`);
  return `${page.slice(0, place.start)}\n\n${part.trim()}\n\n${page.slice(place.end)}`;
}

function placeOf(page: string, name: string): { readonly start: number; readonly end: number } | undefined {
  const [open, close] = markers(name);
  const start = page.indexOf(open) + open.length;
  const end = page.indexOf(close);
  return page.includes(open) && end >= start ? { start, end } : undefined;
}
