import type { FileChange } from './fileChanges.js';
import type { Touched } from './look.js';

/** Names on one line. */
const MOST_NAMES = 12;

/** Files that are shown one by one, summed up by what became of them: `puts 21 files under /etc (nginx/ with 19 files, …)`. */
export function paths(changes: readonly FileChange[]): readonly string[] {
  const made = changes.filter(({ before }) => before.type === 'absent');
  const removed = changes.filter(({ after }) => after.type === 'absent');
  const others = changes.filter(({ before, after }) => before.type !== 'absent' && after.type !== 'absent');
  return [...line('puts', made), ...line('changes', others.filter(isNoFolder)), ...line('removes', removed)];
}

function line(verb: string, changes: readonly FileChange[]): readonly string[] {
  const tops = new Map<string, FileChange[]>();
  for (const change of changes) tops.set(topOf(change.path), [...(tops.get(topOf(change.path)) ?? []), change]);
  return [...tops].map(([top, all]) => {
    const files = all.filter(isNoFolder);
    const names = groups(all).map((name) => name.slice(top.length + 1));
    const shown = names.length > MOST_NAMES ? [...names.slice(0, MOST_NAMES), `${names.length - MOST_NAMES} more`] : names;
    return `${verb} ${count(files.length)} under ${top} (${shown.join(', ')})`;
  });
}

/** The folders and files that are not below another of the list; a folder with how many files are in it. */
function groups(changes: readonly FileChange[]): readonly string[] {
  const folders = changes.filter((change) => !isNoFolder(change)).map(({ path }) => path);
  const below = (path: string) => folders.some((folder) => path.startsWith(`${folder}/`));
  return changes
    .filter(({ path }) => !below(path))
    .map((change) => {
      if (isNoFolder(change)) return change.path;
      const files = changes.filter((one) => isNoFolder(one) && one.path.startsWith(`${change.path}/`)).length;
      return `${change.path}/${files === 0 ? '' : ` with ${count(files)}`}`;
    });
}

function isNoFolder({ before, after }: FileChange): boolean {
  return (after.type === 'absent' ? before : after).type !== 'directory';
}

/** The rest, by the first folder: `/usr: 412 files, 31.2 MB`. */
export function sums(rest: readonly Touched[]): readonly string[] {
  const tops = new Map<string, { files: number; bytes: number; removed: number }>();
  for (const { path, type, size } of rest) {
    if (type === 'directory') continue;
    const top = topOf(path);
    const sum = tops.get(top) ?? { files: 0, bytes: 0, removed: 0 };
    if (type === 'removed') sum.removed++;
    else sum.files++;
    if (type === 'file') sum.bytes += size;
    tops.set(top, sum);
  }
  return [...tops].map(([top, { files, bytes, removed }]) =>
    [
      ...(files === 0 ? [] : [`${top}: ${count(files)}, ${inBytes(bytes)}`]),
      ...(removed === 0 ? [] : [`${files === 0 ? `${top}: ` : ''}${removed} removed`]),
    ].join(', '),
  );
}

function topOf(path: string): string {
  return `/${path.split('/')[1] ?? ''}`;
}

function count(files: number): string {
  return `${files} ${files === 1 ? 'file' : 'files'}`;
}

function inBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
