import type ts from 'typescript';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../util/hash.js';
import { keep } from '../util/keep.js';
import { compilerVersion } from './compiler.js';

/** Files of libraries are known by their size and time, as they are many; those of the project by their content. */
export interface Snapshot {
  readonly libraries: Readonly<Record<string, string>>;
  readonly own: Readonly<Record<string, OwnFile>>;
  /** Files that had no fault. */
  readonly clean: readonly string[];
}

interface OwnFile {
  readonly hash: string;
  /** What other files can see of it. */
  readonly shape: string;
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
  keep(file, JSON.stringify(snapshot));
}

/** What a file is to others, and others to it. */
export interface FileDescription {
  readonly shape: string;
  readonly imports: readonly string[];
  /** The templates that it gives variables to. */
  readonly given: readonly string[];
}

/** What a program read, for the next time. `realFile` gives the user's file behind one of the program's. */
export function snapshotOf(
  program: ts.Program,
  realFile: (fileName: string) => string,
  describe: (source: ts.SourceFile) => FileDescription,
  clean: readonly string[],
): Snapshot {
  const libraries: Record<string, string> = {};
  const own: Record<string, OwnFile> = {};
  for (const source of program.getSourceFiles()) {
    const file = realFile(source.fileName);
    if (source.isDeclarationFile) libraries[file] = stampOf(file);
    else {
      const { imports, given, shape } = describe(source);
      const types = Object.fromEntries(given.map((template) => [template, typeOf(template)]));
      own[file] = { hash: hashOf(file), shape, imports: imports.map(realFile), given: types };
    }
  }
  return { libraries, own, clean };
}

/**
 * The files that had no fault and have none now: they have not changed, nor has what they can see of anything that they
 * import. Without `shapeNow` every change counts.
 */
export function stillClean(
  { libraries, own, clean }: Snapshot,
  shapeNow: (file: string) => string | undefined = () => undefined,
): ReadonlySet<string> {
  if (!Object.entries(libraries).every(([file, stamp]) => stampOf(file) === stamp)) return new Set();
  const changed = new Set(Object.entries(own).flatMap(([file, { hash }]) => (hashOf(file) === hash ? [] : [file])));
  const reshaped = new Set([...changed].filter((file) => shapeNow(file) !== own[file]?.shape));
  const isGiven = (file: string): boolean =>
    Object.entries(own[file]?.given ?? {}).every(
      ([template, type]) => typeOf(template) === type && !seesAny(own, template, reshaped),
    );
  return new Set(clean.filter((file) => !changed.has(file) && isGiven(file) && !seesAny(own, file, reshaped)));
}

/** A snapshot with what a later look at a part of its files found; what `roots` no longer lead to is left out. */
export function mergeSnapshots(before: Snapshot, part: Snapshot, roots: readonly string[]): Snapshot {
  const own = { ...before.own, ...part.own };
  const reached = new Set<string>();
  const visit = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    own[file]?.imports.forEach(visit);
  };
  roots.forEach(visit);
  return {
    libraries: { ...before.libraries, ...part.libraries },
    own: Object.fromEntries(Object.entries(own).filter(([file]) => reached.has(file))),
    clean: part.clean.filter((file) => reached.has(file)),
  };
}

/** Whether a file imports one of these, directly or through others. */
function seesAny(own: Snapshot['own'], from: string, files: ReadonlySet<string>): boolean {
  const seen = new Set<string>();
  const imports = (file: string): boolean =>
    own[file]?.imports.some((one) => {
      if (files.has(one)) return true;
      if (seen.has(one)) return false;
      seen.add(one);
      return imports(one);
    }) ?? false;
  return imports(from);
}

/** The first line of a template. */
function typeOf(template: string): string {
  try {
    return readFileSync(template, 'utf8').split('\n')[0] ?? '';
  } catch {
    return '';
  }
}

/** What tells another content of a library's file. */
export function stampOf(file: string): string {
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
