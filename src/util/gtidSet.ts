/** Transactions `first` to `last`, both included. */
interface Interval {
  readonly first: number;
  readonly last: number;
}

/** A MySQL GTID set: by source (`uuid`, or `uuid:tag`), its intervals in order, apart from each other. */
export type GtidSet = ReadonlyMap<string, readonly Interval[]>;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const INTERVAL = /^(\d+)(?:-(\d+))?$/;
const TAG = /^[a-z_][a-z0-9_]{0,31}$/;

/** Reads `uuid:1-5:7,uuid:tag:1-3` as MySQL prints it, over several lines too. Throws RangeError for anything else. */
export function parseGtidSet(text: string): GtidSet {
  const intervals = new Map<string, Interval[]>();
  for (const part of text.replace(/\s/g, '').toLowerCase().split(',')) {
    if (part === '') continue;
    const [uuid = '', ...pieces] = part.split(':');
    if (!UUID.test(uuid)) throw new RangeError(`not a GTID set: ${text}`);
    let source = uuid;
    for (const piece of pieces) {
      const match = INTERVAL.exec(piece);
      if (match === null) {
        if (!TAG.test(piece)) throw new RangeError(`not a GTID set: ${text}`);
        source = `${uuid}:${piece}`;
        continue;
      }
      const first = Number(match[1]);
      const all = intervals.get(source) ?? [];
      intervals.set(source, [...all, { first, last: Number(match[2] ?? first) }]);
    }
  }
  return normalise(intervals);
}

/** The set as MySQL prints it, on one line. */
export function formatGtidSet(set: GtidSet): string {
  return [...set]
    .map(([source, intervals]) =>
      [source, ...intervals.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`))].join(':'),
    )
    .join(',');
}

/** What of `a` is not in `b`. */
export function subtractGtids(a: GtidSet, b: GtidSet): GtidSet {
  const left = new Map<string, readonly Interval[]>();
  for (const [source, intervals] of a) {
    const rest = (b.get(source) ?? []).reduce<readonly Interval[]>(
      (remaining, hole) => remaining.flatMap((one) => cut(one, hole)),
      intervals,
    );
    if (rest.length > 0) left.set(source, rest);
  }
  return left;
}

/** Whether all of `a` is in `b`. */
export function isGtidSubset(a: GtidSet, b: GtidSet): boolean {
  return subtractGtids(a, b).size === 0;
}

/** How many transactions a set has. */
export function countGtids(set: GtidSet): number {
  return [...set.values()].flat().reduce((sum, { first, last }) => sum + last - first + 1, 0);
}

function cut({ first, last }: Interval, hole: Interval): readonly Interval[] {
  return [
    { first, last: Math.min(last, hole.first - 1) },
    { first: Math.max(first, hole.last + 1), last },
  ].filter((part) => part.first <= part.last);
}

/** Sources in order; intervals in order, joined where they touch; none empty. */
function normalise(sets: ReadonlyMap<string, readonly Interval[]>): GtidSet {
  const result = new Map<string, readonly Interval[]>();
  for (const [source, intervals] of [...sets].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const joined: Interval[] = [];
    for (const next of intervals.filter(({ first, last }) => first <= last).sort((a, b) => a.first - b.first)) {
      const before = joined.at(-1);
      if (before !== undefined && next.first <= before.last + 1) {
        joined[joined.length - 1] = { first: before.first, last: Math.max(before.last, next.last) };
      } else joined.push(next);
    }
    if (joined.length > 0) result.set(source, joined);
  }
  return result;
}
