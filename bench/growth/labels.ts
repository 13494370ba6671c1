/** Between two names, in pixels. */
const LINE = 16;

/**
 * Places for names that would lie on each other: from the top, each as near to where it is wanted as the one above lets
 * it; where the last would be too low, all are moved up as far as it needs.
 * @param lowest the lowest place, in pixels from the top
 */
export function apart<T extends { readonly wanted: number }>(
  labels: readonly T[],
  lowest: number,
): readonly (T & { readonly place: number })[] {
  const placed: (T & { place: number })[] = [];
  for (const label of labels.toSorted((a, b) => a.wanted - b.wanted)) {
    const above = placed.at(-1)?.place ?? -Infinity;
    placed.push({ ...label, place: Math.max(label.wanted, above + LINE) });
  }
  let limit = lowest;
  for (const label of placed.toReversed()) {
    label.place = Math.min(label.place, limit);
    limit = label.place - LINE;
  }
  return placed;
}
