import type ts from 'typescript';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../util/hash.js';
import { compilerVersion, writeWhole } from './compiler.js';

/** Files of libraries are known by their size and time, as they are many; those of the project by their content. */
export interface Snapshot {
  readonly libraries: Readonly<Record<string, string>>;
  readonly own: Readonly<Record<string, OwnFile>>;
  /** Files that had no fault. */
  readonly clean: readonly string[];
}

interface OwnFile {
  readonly hash: string;
  /** The files of the project that it imports. */
  readonly imports: readonly string[];
  /** Of a template that it gives variables to, the type that it declares. */
  readonly given: Readonly<Record<string, string>>;
}

/** Where the last result for these files is kept. */
export function snapshotFile(folder: string, version: string, files: readonly string[]): string {
  const key = sha256(JSON.stringify([version, compilerVersion(), process.version, [...files].sort()])).slice(0, 24);
  return join(folder, `types-${key}.json`);
}

export function readSnapshot(file: string): Snapshot | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Snapshot;
  } catch {
    return undefined;
  }
}

export function writeSnapshot(file: string, snapshot: Snapshot): void {
  writeWhole(file, JSON.stringify(snapshot));
}

/** What a program read, for the next time. `realFile` gives the user's file behind one of the program's. */
export function snapshotOf(
  program: ts.Program,
  realFile: (fileName: string) => string,
  dependenciesOf: (source: ts.SourceFile) => { readonly imports: readonly string[]; readonly given: readonly string[] },
  clean: readonly string[],
): Snapshot {
  const libraries: Record<string, string> = {};
  const own: Record<string, OwnFile> = {};
  for (const source of program.getSourceFiles()) {
    const file = realFile(source.fileName);
    if (source.isDeclarationFile) libraries[file] = stampOf(file);
    else {
      const { imports, given } = dependenciesOf(source);
      const types = Object.fromEntries(given.map((template) => [template, typeOf(template)]));
      own[file] = { hash: hashOf(file), imports: imports.map(realFile), given: types };
    }
  }
  return { libraries, own, clean };
}

/** The files that had no fault and have none now: neither they nor anything that they import has changed. */
export function stillClean({ libraries, own, clean }: Snapshot): ReadonlySet<string> {
  if (!Object.entries(libraries).every(([file, stamp]) => stampOf(file) === stamp)) return new Set();
  const changed = new Set(Object.entries(own).flatMap(([file, { hash }]) => (hashOf(file) === hash ? [] : [file])));
  const isGiven = (file: string): boolean =>
    Object.entries(own[file]?.given ?? {}).every(
      ([template, type]) => typeOf(template) === type && !reaches(own, template, changed, true),
    );
  return new Set(clean.filter((file) => isGiven(file) && !reaches(own, file, changed)));
}

/** Whether a file, or one that it imports, has changed; `below` leaves out the file itself. */
function reaches(own: Snapshot['own'], from: string, changed: ReadonlySet<string>, below = false): boolean {
  const seen = new Set<string>();
  const visit = (file: string): boolean => {
    if (changed.has(file) && !(below && file === from)) return true;
    if (seen.has(file)) return false;
    seen.add(file);
    return own[file]?.imports.some(visit) ?? false;
  };
  return visit(from);
}

/** The first line of a template. */
function typeOf(template: string): string {
  try {
    return readFileSync(template, 'utf8').split('\n')[0] ?? '';
  } catch {
    return '';
  }
}

function stampOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? 'none' : `${found.size} ${found.mtimeMs}`;
}

function hashOf(file: string): string {
  try {
    return sha256(readFileSync(file, 'utf8'));
  } catch {
    return 'none';
  }
}
