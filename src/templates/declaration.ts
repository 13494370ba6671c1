import { InputError } from '../model/errors.js';
import { nearest } from '../util/names.js';
import type { Piece } from './tags.js';

/** The type of a template's variables, as its first line names it: `<%# vars: MotdVars from '../playbooks/roles/motd.js' -%>`. */
export interface Declaration {
  readonly type: string;
  /** Relative to the template, as an import would say it. */
  readonly module: string;
  /** Where the two begin in the first line, from 0. */
  readonly typeAt: number;
  readonly moduleAt: number;
}

const DECLARATION = /^(<%#\s*vars:\s*)([A-Za-z_$][\w$]*)(\s+from\s+)(['"])([^'"\n]+)\4\s*[-_]?%>/;
/** What looks as if it were meant to be one. */
const ATTEMPT = /^<%#\s*(\w+)\s*:?\s*([\w$]+)?\s+from\b/;

/** The declaration of a template's text, or undefined where its first line is none. */
export function declarationOf(template: string): Declaration | undefined {
  const match = DECLARATION.exec(template);
  if (!match) return undefined;
  const [, head = '', type = '', between = '', , module = ''] = match;
  return { type, module, typeAt: head.length, moduleAt: head.length + type.length + between.length };
}

/**
 * The error of a template that uses variables and does not say of which type they are; undefined for one that does, or
 * uses none.
 */
export function declarationFault(file: string, template: string, pieces: readonly Piece[]): InputError | undefined {
  if (declarationOf(template) !== undefined || !pieces.some(usesVariables)) return undefined;
  const [, word, type = 'MyVars'] = ATTEMPT.exec(template) ?? [];
  const isTypo = word !== undefined && word !== 'vars' && nearest(word, ['vars']) !== undefined;
  const what = isTypo
    ? `the first line does not declare "vars" but "${word}" — did you mean "vars"?`
    : 'this template uses variables and does not say of which type they are';
  return new InputError(what, {
    where: { file, line: 1, column: 1 },
    hint: `${word === undefined ? 'add as its first line' : 'write its first line so'}: <%# vars: ${type} from '../playbooks/roles/my.js' -%>`,
  });
}

function usesVariables({ kind, body }: Piece): boolean {
  return kind !== 'text' && kind !== 'comment' && /(?<![\w$.])v(?![\w$])/.test(body);
}
