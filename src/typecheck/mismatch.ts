import {
  isAsExpression,
  isBinaryExpression,
  isExpression,
  isIdentifier,
  isObjectLiteralExpression,
  isParenthesizedExpression,
  isPropertyAssignment,
  isReturnStatement,
  isSourceFile,
  isSpreadAssignment,
  isStatement,
  isStringLiteralLikeNode,
  type Expression,
  type Identifier,
  type Node,
  type StringLiteralLikeNode,
} from 'typescript-native/unstable/ast';
import type { Type } from 'typescript-native/unstable/sync';
import { didYouMean, nearestNames } from '../util/names.js';
import { allowedTexts } from './candidates.js';
import { formsOf, propertyNames, textsOf, type Lens } from './lens.js';

/** The text that a diagnostic is about: the node itself, what an option is set to, or one side of a comparison. */
export function textMeant(lens: Lens, node: Node): StringLiteralLikeNode | undefined {
  if (isStringLiteralLikeNode(node)) return node;
  if (isPropertyAssignment(node.parent) && node.parent.name === node) return literalIn(node.parent.initializer);
  for (let at = node; !isStatement(at) && !isSourceFile(at); at = at.parent) {
    if (!isBinaryExpression(at)) continue;
    const sides = [at.left, at.right].filter((side) => isStringLiteralLikeNode(side));
    const wrong = sides.find((side) => allowedTexts(lens, side).length > 0);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function literalIn(node: Expression): StringLiteralLikeNode | undefined {
  const inner = isAsExpression(node) || isParenthesizedExpression(node) ? node.expression : node;
  return isStringLiteralLikeNode(inner) ? inner : undefined;
}

/** An option that the object (or one around it) cannot have and that is near to one that it can: the likely reason of other faults there. */
export function misspeltOption(
  lens: Lens,
  node: Node,
): { readonly at: Node; readonly name: string; readonly known: readonly string[] } | undefined {
  const { checker } = lens;
  const start = isReturnStatement(node) ? (node.expression ?? node) : node;
  for (let at = start; !isSourceFile(at); at = at.parent) {
    if (!isObjectLiteralExpression(at)) continue;
    const wanted = checker.getContextualType(at);
    if (wanted === undefined || checker.getIndexInfosOfType(wanted).length > 0) continue;
    const own = [...at.properties].flatMap((one) => (!isSpreadAssignment(one) && isIdentifier(one.name) ? [one.name] : []));
    for (const form of likeliestForms(lens, wanted, own)) {
      const free = form.filter((name) => !own.some(({ text }) => text === name));
      const wrong = own.find(({ text }) => !form.includes(text) && nearestNames(text, free).length > 0);
      if (wrong !== undefined) return { at: wrong, name: wrong.text, known: free };
    }
  }
  return undefined;
}

/** The properties of a type's forms, those first that have most of the names. */
function likeliestForms(lens: Lens, type: Type, names: readonly Identifier[]): readonly (readonly string[])[] {
  const forms = formsOf(type).map((form) => propertyNames(lens, form));
  const shared = (form: readonly string[]): number => names.filter(({ text }) => form.includes(text)).length;
  return forms.sort((a, b) => shared(b) - shared(a));
}

/** A value that may be a text which is not allowed: what is returned, or given to a variable. */
export function strangeText(
  { checker }: Lens,
  node: Node,
): { readonly text: string; readonly allowed: readonly string[] } | undefined {
  const expression = isReturnStatement(node) ? node.expression : isExpression(node) ? node : undefined;
  if (expression === undefined) return undefined;
  const allowed = textsOf(checker.getContextualType(expression));
  const text = textsOf(checker.getTypeAtLocation(expression)).find(
    (one) => !allowed.includes(one) && nearestNames(one, allowed).length > 0,
  );
  return text === undefined ? undefined : { text, allowed };
}

const LITERALS = /type '((?:"[^"]*"(?: \| )?)+)' is not assignable to type '([^']*"[^']*)'/gi;
const MISSING = /property '([^']+)' is missing in type '([^]*?)' but required/i;

/** What a longer explanation of the compiler's comes down to: a text that is not among the allowed ones, or a property's near name. */
export function essenceOf(explanation: string): string | undefined {
  for (const [, from = '', to = ''] of explanation.matchAll(LITERALS)) {
    const allowed = textsIn(to);
    const strange = textsIn(from).filter((text) => !allowed.includes(text));
    const near = strange.map((text) => ({ text, hint: didYouMean(text, allowed) })).find(({ hint }) => hint !== '');
    if (near !== undefined)
      return `"${near.text}" is not one of ${[...allowed]
        .sort()
        .map((text) => `"${text}"`)
        .join(', ')}${near.hint}`;
  }
  const [, name, type = ''] = MISSING.exec(explanation) ?? [];
  if (name === undefined) return undefined;
  const near = didYouMean(
    name,
    [...type.matchAll(/([\w$]+)\??: /g)].map(([, own = '']) => own),
  );
  return near === '' ? undefined : `"${name}" is missing${near}`;
}

function textsIn(type: string): readonly string[] {
  return [...type.matchAll(/"([^"]*)"/g)].map(([, text = '']) => text);
}
