/** Edit distance with swaps of neighbours (optimal string alignment). */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (before[j - 2] ?? 0) + 1);
      current.push(best);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** Whether two names are one slip of the fingers apart: a letter more, less, another, or two swapped. */
export function isOneSlip(a: string, b: string): boolean {
  return distance(a, b) === 1;
}

/**
 * How far a name is from what was typed. Letters of the other case are as good as one slip of the fingers, but beside other slips they make it
 * less likely: of `notify` and `NTOIFY` either may be meant by `NOTIFY`.
 */
function farness(typed: string, name: string): number {
  const folded = distance(typed.toLowerCase(), name.toLowerCase());
  if (folded === 0) return 1;
  return distance(typed, name) === folded ? folded : folded + 0.5;
}

/** More names than this help nobody. */
const MOST_NEAR = 3;

/** The known names that a mistyped one most likely meant, as near as each other. Empty where none is near. */
export function nearestNames(name: string, known: Iterable<string>): readonly string[] {
  let best: string[] = [];
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of new Set(known)) {
    const d = farness(name, candidate);
    if (d < bestDistance) [best, bestDistance] = [[candidate], d];
    else if (d === bestDistance && best.length > 0) best.push(candidate);
  }
  return best.slice(0, MOST_NEAR);
}

/** The known name that a mistyped one most likely meant, or undefined where none is near. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  return nearestNames(name, known)[0];
}

/** ` — did you mean "x"?`, or nothing: to end an error's sentence with. Names that are as near as each other are all told. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const near = nearestNames(name, known).map((one) => `"${one}"`);
  if (near.length === 0) return '';
  return ` — did you mean ${near.length > 1 ? `${near.slice(0, -1).join(', ')} or ` : ''}${near.at(-1) ?? ''}?`;
}
