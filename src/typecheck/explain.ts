import { InputError, type SourcePosition } from '../model/errors.js';
import type { Compiler } from './compiler.js';
import { faultsOf, placeOf } from './faults.js';
import type { Verdict } from './judge.js';
import { createProject, type Project } from './project.js';
import { templatePath, type Overlay } from './sourceTexts.js';
import { callFault } from './templateCalls.js';

/**
 * The faults that were found, in words that help. The native compiler cannot be asked for the names that a wrong one may have
 * meant, so TypeScript 5.9 reads the files that have a fault, and what they import.
 */
export function explain(ts: Compiler, { files, faults, calls }: Verdict, overlay: Overlay): readonly InputError[] {
  const named = [...faults, ...calls].flatMap(({ file }) => file ?? []);
  const wrong = [...new Set([...files.filter((file) => named.includes(file)), ...named])];
  const project = projectOf(
    ts,
    wrong,
    calls.map(({ template }) => template),
    overlay,
  );
  const own = wrong.flatMap((file) => {
    const given = calls.filter((call) => call.file === file);
    if (given.length > 0) return given.map((call) => callFault(ts, project, call));
    const told = faultsOf(ts, project, file);
    if (told.length > 0) return told;
    // A fault that only the other compiler sees is one all the same.
    const seen = faults.filter((fault) => fault.file === file);
    return seen.map(({ start, text }) => new InputError(text, { where: whereIs(project, file, start) }));
  });
  return [...faults.filter(({ file }) => file === undefined).map(({ text }) => new InputError(text)), ...own];
}

function projectOf(ts: Compiler, files: readonly string[], given: readonly string[], overlay: Overlay): Project {
  const modules = new Set(files.filter((file) => templatePath(file) === undefined));
  const templates = new Set([...files.flatMap((file) => templatePath(file) ?? []), ...given]);
  return createProject(ts, { modules: [...modules], templates: [...templates], overlay });
}

function whereIs(project: Project, file: string, start: number): SourcePosition {
  const source = project.program.getSourceFile(file);
  return source === undefined ? { file } : placeOf(project, source, start);
}
