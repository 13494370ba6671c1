import { InputError } from '../model/errors.js';
import { declarationFault } from '../templates/declaration.js';
import { readPieces } from '../templates/pieces.js';
import { judge, type Judged } from './judge.js';
import { NO_OVERLAY, templatePath, textOf, type Overlay } from './sourceTexts.js';

export interface TypeCheckOptions extends Omit<Judged, 'overlay'> {
  readonly overlay?: Overlay | undefined;
}

export interface TypeCheckResult {
  readonly faults: readonly InputError[];
  /** Those modules, and what of the project they import. */
  readonly modules: readonly string[];
}

/** Type-checks playbooks, what they import, and templates. */
export function checkTypes({ overlay = NO_OVERLAY, ...options }: TypeCheckOptions): TypeCheckResult {
  const { readable, faults } = readTemplates(options.templates, overlay);
  const verdict = judge({ ...options, overlay, templates: readable });
  return {
    faults: [...faults, ...verdict.faults],
    modules: verdict.files.filter((file) => templatePath(file) === undefined && !/\.(?:[cm]?js|json)$/.test(file)),
  };
}

/** Templates that the compiler can be given, and the faults of the others. */
function readTemplates(templates: readonly string[], overlay: Overlay): { readable: readonly string[]; faults: InputError[] } {
  const readable: string[] = [];
  const faults: InputError[] = [];
  for (const file of templates) {
    try {
      const text = textOf(file, overlay);
      const fault = declarationFault(file, text, readPieces(file, text));
      if (fault === undefined) readable.push(file);
      else faults.push(fault);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      faults.push(error);
    }
  }
  return { readable, faults };
}
