import { homedir } from 'node:os';
import { readdirSync, statSync } from 'node:fs';
import { extname, isAbsolute, join, relative, resolve } from 'node:path';
import { InputError } from '../model/errors.js';
import { didYouMean } from '../util/names.js';

const FOLDER = 'inventory';
const ENDINGS = ['.yml', '.yaml'] as const;

/**
 * The inventory that `-i` names: that path, or that file in the folder `inventory/`; `.yml` may be left out.
 * Throws InputError, which says where it looked and what is there.
 */
export function resolveInventoryPath(name: string, cwd: string): string {
  const wanted = expandHome(name);
  const places = isAbsolute(wanted) ? [wanted] : [join(cwd, wanted), join(cwd, FOLDER, wanted)];
  // A folder or file of that very name comes before one with an ending added.
  const tried = [
    ...places,
    ...(extname(wanted) === '' ? places.flatMap((place) => ENDINGS.map((ending) => place + ending)) : []),
  ];
  const found = tried.find((path) => statSync(path, { throwIfNoEntry: false }) !== undefined);
  if (found !== undefined) return shown(found);
  const there = inventoriesIn(join(cwd, FOLDER));
  const near = didYouMean(name, [...there, ...there.map((file) => join(FOLDER, file)), ...inventoriesIn(cwd)]);
  throw new InputError(`no inventory "${name}"${near}`, {
    hint: [
      `looked for ${places.map(shown).join(' and ')}`,
      ...(there.length === 0 ? [] : [`${FOLDER}/ has ${there.join(', ')}`]),
    ].join('; '),
  });
}

function inventoriesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((file) => (ENDINGS as readonly string[]).includes(extname(file)))
      .sort();
  } catch {
    return [];
  }
}

/** As the user would write it: relative to the working folder where it is below it. */
function shown(path: string): string {
  const below = relative(process.cwd(), resolve(path));
  return below.startsWith('..') || isAbsolute(below) ? path : below === '' ? '.' : below;
}

/** `~` and `~/…` written out. */
export function expandHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
}
