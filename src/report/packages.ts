import type { PackageChange } from '../model/change.js';
import type { ChangeReport } from '../model/event.js';
import type { Colours } from './colours.js';
import { count, oneLine } from './text.js';
import { pad, width } from './width.js';

/** A package's versions in words. */
export interface PackageRow {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** The rows of a table of packages: `nginx`, `(not installed)`, `1.22.1-9`. */
export function packageRow({ name, from, to }: PackageChange): PackageRow {
  return { name: oneLine(name), from: oneLine(from ?? '(not installed)'), to: oneLine(to ?? '(removed)') };
}

/** What happens to packages: `install 2 packages, upgrade 1 package`. */
export function packageWords(packages: readonly PackageChange[]): string {
  const counts = new Map<string, number>();
  for (const one of packages) counts.set(verbOf(one), (counts.get(verbOf(one)) ?? 0) + 1);
  return [...counts].map(([verb, number]) => `${verb} ${count(number, 'package')}`).join(', ');
}

function verbOf({ from, to }: PackageChange): string {
  if (to === undefined) return 'remove';
  return from === undefined ? 'install' : 'change';
}

/** The packages of a task's changes as the lines of a table, under each other. */
export function packageLines(changes: readonly ChangeReport[], colours: Colours): readonly string[] {
  const rows = changes.flatMap(({ packages = [] }) => packages.map(packageRow));
  const names = Math.max(0, ...rows.map(({ name }) => width(name)));
  const froms = Math.max(0, ...rows.map(({ from }) => width(from)));
  return rows.map(
    ({ name, from, to }) =>
      `${pad(name, names)}  ${colours.dim(pad(from, froms))} → ${(to.startsWith('(') ? colours.red : colours.green)(to)}`,
  );
}
