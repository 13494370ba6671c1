import { isIdentifier, isPropertyAccessExpression, isStringLiteralLikeNode, type Node } from 'typescript-native/unstable/ast';
import type { Diagnostic } from 'typescript-native/unstable/sync';
import { didYouMean } from '../util/names.js';
import { allowedTexts, candidates } from './candidates.js';
import type { Lens } from './lens.js';
import { essenceOf, misspeltOption, strangeText, textMeant } from './mismatch.js';

/** A fault in words, and what to do about it. */
export interface Told {
  readonly message: string;
  readonly hint?: string | undefined;
  /** Where it is, where that is not where the compiler says. */
  readonly at?: Node | undefined;
}

/** A longer list helps nobody. */
const MOST_LISTED = 24;
/** Lines of the compiler's own explanation that are shown. */
const MOST_LINES = 4;
/** Characters of the compiler's own sentence that stand beside ours. */
const LONGEST_HINT = 300;

/** The compiler's numbers for a name in an object that cannot have it. */
export const UNKNOWN_OPTION = [2353, 2561];
const UNKNOWN_PROPERTY = [2339, 2551, 2568, 2570];
const UNKNOWN_NAME = [2304, 2552, 2503, 2833, 18004, 2749, 2693];
const UNKNOWN_EXPORT = [2305, 2724, 2459, 2460, 2614, 2694];
const UNKNOWN_MODULE = [2307, 2792, 2732, 7016];
const MAYBE_ABSENT = [18047, 18048, 18049, 2531, 2532, 2533];
const NO_OVERLAP = [2367, 2678];
const NOT_ASSIGNABLE = [2322, 2345, 2820, 2769];

/** One of the compiler's diagnostics as this tool says it: what is wrong, the near name, what is allowed. */
export function wordsOf(lens: Lens, diagnostic: Diagnostic, node: Node): Told {
  const { code, pos, end } = diagnostic;
  const name = isIdentifier(node) || isStringLiteralLikeNode(node) ? node.text : undefined;
  if (name !== undefined) {
    const known = (): readonly string[] => candidates(lens, node);
    if (UNKNOWN_OPTION.includes(code)) return withNames(`there is no "${name}" here`, name, known());
    if (UNKNOWN_PROPERTY.includes(code)) return withNames(`${holderOf(lens, node)} has no "${name}"`, name, known());
    if (UNKNOWN_NAME.includes(code)) return withNames(`nothing is called "${name}" here`, name, known(), false);
    if (UNKNOWN_MODULE.includes(code)) return withNames(`there is no module "${name}"`, name, known());
    if (UNKNOWN_EXPORT.includes(code)) return withNames(sentence(diagnostic), name, known());
  }
  if (NOT_ASSIGNABLE.includes(code) || NO_OVERLAP.includes(code)) {
    const told = mismatch(lens, node, explanationOf(diagnostic));
    if (told !== undefined) return told;
  }
  if (MAYBE_ABSENT.includes(code)) {
    const text = node.getSourceFile().text.slice(pos, end);
    const what = [2531, 18047].includes(code) ? 'null' : [2532, 18048].includes(code) ? 'undefined' : 'null or undefined';
    return { message: `"${text}" may be ${what}`, hint: "say what counts then (… ?? 'default'), or test it first" };
  }
  return { message: sentence(diagnostic) };
}

/** A value that does not fit: which text is wrong, or which option next to it, where one of these is the reason. */
function mismatch(lens: Lens, node: Node, explanation: string): Told | undefined {
  const text = textMeant(lens, node);
  const allowed = text === undefined ? [] : allowedTexts(lens, text);
  const isWrong = text !== undefined && allowed.length > 0 && !allowed.includes(text.text);
  const near = isWrong ? didYouMean(text.text, allowed) : '';
  if (isWrong && near !== '') return { message: notOneOf(text.text, allowed), at: text };
  const strange = strangeText(lens, node);
  if (strange !== undefined) return { message: notOneOf(strange.text, strange.allowed) };
  const option = misspeltOption(lens, node);
  if (option !== undefined)
    return { ...withNames(`there is no "${option.name}" here`, option.name, option.known), at: option.at };
  if (isWrong) return { message: notOneOf(text.text, allowed), at: text };
  const essence = essenceOf(explanation);
  if (essence === undefined) return undefined;
  const [first = ''] = explanation.split('\n');
  return { message: essence, hint: first.length > LONGEST_HINT ? undefined : first };
}

function notOneOf(text: string, allowed: readonly string[]): string {
  return `"${text}" is not one of ${[...allowed]
    .sort()
    .map((one) => `"${one}"`)
    .join(', ')}${didYouMean(text, allowed)}`;
}

function withNames(what: string, name: string, known: readonly string[], list = true): Told {
  const near = didYouMean(name, known);
  const few = known.length > 0 && known.length <= MOST_LISTED;
  return { message: what + near, hint: near === '' && list && few ? `known: ${known.join(', ')}` : undefined };
}

/** What a property is missing in: the expression in front of it, or the type that is taken apart. */
function holderOf({ checker }: Lens, node: Node): string {
  const { parent } = node;
  if (isPropertyAccessExpression(parent)) {
    const text = parent.expression.getText();
    const holder = checker.getTypeAtLocation(parent.expression);
    const type = holder === undefined ? '' : checker.typeToString(holder);
    return text.length > 40 ? 'this' : /^[A-Z]\w*$/.test(type) ? `"${text}" (${type})` : `"${text}"`;
  }
  return 'what is taken apart here';
}

/** The compiler's own words: its first sentence, then what explains it, without its guess at a name. */
function sentence(diagnostic: Diagnostic): string {
  const lines = explanationOf(diagnostic).split('\n');
  const shown = lines.slice(0, MOST_LINES).map((line) => line.replace(/ Did you mean(?: to write)? .*\?$/, ''));
  const [first = '', ...more] = shown;
  return [first.charAt(0).toLowerCase() + first.slice(1).replace(/\.$/, ''), ...more].join('\n');
}

/** A diagnostic with what explains it, each step in a line further to the right. */
function explanationOf({ text, messageChain = [] }: Diagnostic, indent = ''): string {
  return [indent + text, ...messageChain.map((one) => explanationOf(one, `${indent}  `))].join('\n');
}
