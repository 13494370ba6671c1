import type ts from 'typescript';
import { didYouMean, nearestNames } from '../util/names.js';
import { allowedTexts, propertyNames, textsOf, type Lens } from './candidates.js';

/** The text that a diagnostic is about: the node itself, what an option is set to, or one side of a comparison. */
export function textMeant(lens: Lens, node: ts.Node): ts.StringLiteralLike | undefined {
  const { ts } = lens;
  if (ts.isStringLiteralLike(node)) return node;
  if (ts.isPropertyAssignment(node.parent) && node.parent.name === node) return literalIn(lens, node.parent.initializer);
  for (let at = node; !ts.isStatement(at) && !ts.isSourceFile(at); at = at.parent) {
    if (!ts.isBinaryExpression(at)) continue;
    const sides = [at.left, at.right].filter((side) => ts.isStringLiteralLike(side));
    const wrong = sides.find((side) => allowedTexts(lens, side).length > 0);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function literalIn({ ts }: Lens, node: ts.Expression): ts.StringLiteralLike | undefined {
  const inner = ts.isAsExpression(node) || ts.isParenthesizedExpression(node) ? node.expression : node;
  return ts.isStringLiteralLike(inner) ? inner : undefined;
}

/** An option that the object (or one around it) cannot have and that is near to one that it can: the likely reason of other faults there. */
export function misspeltOption(
  lens: Lens,
  node: ts.Node,
): { readonly at: ts.Node; readonly name: string; readonly known: readonly string[] } | undefined {
  const { ts, checker } = lens;
  const start = ts.isReturnStatement(node) ? (node.expression ?? node) : node;
  for (let at = start; !ts.isSourceFile(at); at = at.parent) {
    if (!ts.isObjectLiteralExpression(at)) continue;
    const wanted = checker.getContextualType(at);
    if (wanted === undefined || checker.getIndexInfosOfType(wanted).length > 0) continue;
    const own = at.properties.flatMap(({ name }) => (name !== undefined && ts.isIdentifier(name) ? [name] : []));
    for (const form of formsOf(lens, wanted, own)) {
      const free = form.filter((name) => !own.some(({ text }) => text === name));
      const wrong = own.find(({ text }) => !form.includes(text) && nearestNames(text, free).length > 0);
      if (wrong !== undefined) return { at: wrong, name: wrong.text, known: free };
    }
  }
  return undefined;
}

/** The properties of a type's forms, those first that have most of the names. */
function formsOf(lens: Lens, type: ts.Type, names: readonly ts.Identifier[]): readonly (readonly string[])[] {
  const forms = (type.isUnion() ? type.types : [type]).map((form) => propertyNames(lens, form));
  const shared = (form: readonly string[]): number => names.filter(({ text }) => form.includes(text)).length;
  return forms.sort((a, b) => shared(b) - shared(a));
}

/** A value that may be a text which is not allowed: what is returned, or given to a variable. */
export function strangeText(
  { ts, checker }: Lens,
  node: ts.Node,
): { readonly text: string; readonly allowed: readonly string[] } | undefined {
  const expression = ts.isReturnStatement(node) ? node.expression : ts.isExpression(node) ? node : undefined;
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
