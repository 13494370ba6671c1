import { dirname } from 'node:path';
import { ABSENT, type FileState } from '../../facts/file.js';
import type { Session } from '../../model/session.js';
import { matchesGlob, type Glob } from '../../util/glob.js';
import { isShort, readStates } from './fileStates.js';
import type { Look, Touched } from './look.js';

/** What became of a path, exactly. */
export interface FileChange {
  readonly path: string;
  readonly before: FileState;
  readonly after: FileState;
}

/** What a task did to a host's files. */
export interface FilesTouched {
  /** The paths that are to be shown, by name. Those that ended as they were before are not in it. */
  readonly shown: readonly FileChange[];
  /** All others. */
  readonly rest: readonly Touched[];
}

/** Compares a copy's files after each task with those before it. */
export interface FileWatch {
  compare(): Promise<FilesTouched>;
}

/** Watches a copy; paths that a pattern matches are compared exactly. */
export function watchFiles(session: Session, look: Look, patterns: readonly Glob[]): FileWatch {
  /** What earlier tasks left, by path: what the next one finds. */
  const left = new Map<string, FileState>();
  const isShown = (path: string) => patterns.some((glob) => matchesGlob(glob, path.slice(1)));

  return {
    compare: async () => {
      const touched = await look.touched();
      const wanted = touched.filter(({ path }) => isShown(path));
      const rest = touched.filter(({ path }) => !isShown(path));
      const all = new Map([...(await look.lostBelow(wanted)), ...wanted].map((item) => [item.path, item.original]));
      const paths = [...all.keys()].sort();
      const unknown = paths.filter((path) => !left.has(path));
      const originals = unknown.map((path) => all.get(path) ?? path);
      const states = await readStates(session, [...paths, ...originals], false);
      const before = new Map([...left, ...unknown.map((path, index) => [path, states[paths.length + index] ?? ABSENT] as const)]);
      const changes = paths
        .map((path, index) => ({ path, before: before.get(path) ?? ABSENT, after: states[index] ?? ABSENT }))
        .filter(({ before, after }) => !isSame(before, after));
      const shown = await withContent(session, changes, all, left);
      for (const { path, after } of shown) left.set(path, after);
      return { shown, rest };
    },
  };
}

function isSame(a: FileState, b: FileState): boolean {
  return (
    a.type === b.type &&
    a.mode === b.mode &&
    a.owner === b.owner &&
    a.group === b.group &&
    a.sha256 === b.sha256 &&
    a.target === b.target
  );
}

/** Adds the content of what every account of the host may read; no other content leaves the host. */
async function withContent(
  session: Session,
  changes: readonly FileChange[],
  originals: ReadonlyMap<string, string>,
  left: ReadonlyMap<string, FileState>,
): Promise<readonly FileChange[]> {
  const places = changes.flatMap(({ path, before, after }) => [
    ...(isOpen(after) ? [{ path, at: path, side: 'after' as const }] : []),
    ...(isOpen(before) && !left.has(path) ? [{ path, at: originals.get(path) ?? path, side: 'before' as const }] : []),
  ]);
  const folders = [...new Set(places.flatMap(({ at }) => above(at)))];
  const open = new Map(
    (await readStates(session, folders, false)).map((state, index) => [folders[index] ?? '', isPassable(state)]),
  );
  const readable = places.filter(({ at }) => above(at).every((folder) => open.get(folder) === true));
  const states = await readStates(
    session,
    readable.map(({ at }) => at),
    true,
  );
  const contents = new Map(readable.map(({ path, side }, index) => [`${side} ${path}`, states[index]?.content]));
  return changes.map(({ path, before, after }) => ({
    path,
    before: left.has(path) ? before : { ...before, content: contents.get(`before ${path}`) },
    after: { ...after, content: contents.get(`after ${path}`) },
  }));
}

function isOpen(state: FileState): boolean {
  return isShort(state) && (Number.parseInt(state.mode, 8) & 0o004) !== 0;
}

/** Whether any account may go through a folder. A link on the way is not followed: it leads to who knows where. */
function isPassable({ type, mode }: FileState): boolean {
  return type === 'directory' && (Number.parseInt(mode, 8) & 0o001) !== 0;
}

function above(path: string): readonly string[] {
  const folder = dirname(path);
  return folder === '/' ? [] : [...above(folder), folder];
}
