import type { TreeItem } from '../../facts/tree.js';

/** An item as it is wanted, and what stands at its path now, if anything. */
export interface Pair<W extends TreeItem> {
  readonly wanted: W;
  readonly now: TreeItem | undefined;
}

/** How a tree on a host differs from the wanted one. */
export interface TreeDifference<W extends TreeItem> {
  /** What is not there, or is of another type or content: to be sent. */
  readonly send: readonly Pair<W>[];
  /** What only needs another owner or mode. */
  readonly attributes: readonly Pair<W>[];
  /** What is a folder and should not be, or the other way round: it must go before anything is sent. */
  readonly inTheWay: readonly TreeItem[];
  /** What is not wanted; of a folder that goes as a whole only the folder. */
  readonly remove: readonly TreeItem[];
  /** What is there afterwards, with what is not wanted where it stays. */
  readonly after: readonly TreeItem[];
}

/** Compares the items of two trees. A folder that holds something excluded is never removed as unwanted. */
export function compareTrees<W extends TreeItem>(
  wanted: readonly W[],
  now: readonly TreeItem[],
  options: { readonly delete: boolean },
): TreeDifference<W> {
  const there = new Map(now.map((item) => [item.path, item]));
  const pairs = wanted.map((item): Pair<W> => ({ wanted: item, now: there.get(item.path) }));
  const send = pairs.filter((pair) => !sameContent(pair));
  const inTheWay = send.flatMap((pair) =>
    pair.now !== undefined && (pair.now.type === 'directory') !== (pair.wanted.type === 'directory') ? [pair.now] : [],
  );
  const cleared = new Set(inTheWay.map(({ path }) => path));
  const kept = new Set(wanted.map(({ path }) => path));
  for (const { path, type } of now) if (type === 'excluded') [path, ...foldersOf(path)].forEach((one) => kept.add(one));
  const extra = now.filter(({ path }) => !kept.has(path) && !within(path, cleared));
  const removed = new Set(options.delete ? extra.map(({ path }) => path) : []);
  const wantedPaths = new Set(wanted.map(({ path }) => path));
  return {
    send,
    attributes: pairs.filter((pair) => sameContent(pair) && !sameAttributes(pair)),
    inTheWay,
    remove: extra.filter(({ path }) => removed.has(path) && !within(path, removed)),
    after: [...wanted, ...now.filter(({ path }) => !wantedPaths.has(path) && !removed.has(path) && !within(path, cleared))],
  };
}

function sameContent({ wanted, now }: Pair<TreeItem>): boolean {
  return wanted.type === now?.type && wanted.hash === now.hash && wanted.target === now.target;
}

function sameAttributes({ wanted, now }: Pair<TreeItem>): boolean {
  return wanted.mode === now?.mode && wanted.owner === now.owner && wanted.group === now.group;
}

function within(path: string, folders: ReadonlySet<string>): boolean {
  return foldersOf(path).some((folder) => folders.has(folder));
}

/** The folders that a relative path stands in: `a/b/c` gives `a` and `a/b`. */
function foldersOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
