import type { Diagnostic } from 'typescript-native/unstable/sync';
import { InputError } from '../model/errors.js';
import { faultsOf } from './faults.js';
import type { WrongCall } from './judgeCalls.js';
import type { Lens } from './lens.js';
import { callFault } from './templateCalls.js';

/** What the compiler finds wrong with a program. */
export interface Findings {
  /** With the program as a whole. */
  readonly whole: readonly Diagnostic[];
  readonly syntactic: readonly Diagnostic[];
  readonly semantic: readonly Diagnostic[];
  /** Variables given to a template that are not of its type, in modules without another fault. */
  readonly calls: readonly WrongCall[];
}

/** The faults that were found, in words that help; in the order of the files. `forget` is called when a file has been told. */
export function explain(
  lens: Lens,
  files: readonly string[],
  { whole, syntactic, semantic, calls }: Findings,
  forget: () => void,
): readonly InputError[] {
  const found = [...whole, ...syntactic, ...semantic];
  // What follows from a mistake of syntax is none of its own.
  const [first, then, last] = [byFile(syntactic), byFile(semantic), byFile(whole)];
  const wrong = new Set([...found.flatMap(({ fileName }) => fileName ?? []), ...calls.map(({ file }) => file)]);
  const ordered = new Set([...files.filter((file) => wrong.has(file)), ...wrong]);
  const told = [...ordered].flatMap((file) => {
    const given = calls.filter((call) => call.file === file).map((call) => callFault(lens, call));
    const faults = given.length > 0 ? given : faultsIn(lens, file, first.get(file) ?? then.get(file) ?? last.get(file) ?? []);
    forget();
    return faults;
  });
  const ofNone = found.filter(({ fileName }) => fileName === undefined);
  return [...ofNone.map((one) => new InputError(linesOf(one).join('\n'))), ...told];
}

function faultsIn(lens: Lens, file: string, found: readonly Diagnostic[]): readonly InputError[] {
  const source = lens.program.getSourceFile(file);
  if (source === undefined) return [new InputError(`${file} cannot be read`, { where: { file } })];
  return faultsOf(lens, source, found);
}

function linesOf({ text, messageChain = [] }: Diagnostic): readonly string[] {
  return [text, ...messageChain.flatMap(linesOf)];
}

function byFile(found: readonly Diagnostic[]): ReadonlyMap<string | undefined, readonly Diagnostic[]> {
  const groups = new Map<string | undefined, Diagnostic[]>();
  for (const one of found) {
    const group = groups.get(one.fileName);
    if (group === undefined) groups.set(one.fileName, [one]);
    else group.push(one);
  }
  return groups;
}
