import { isCallExpression, isIdentifier, isSourceFile, type Node, type SourceFile } from 'typescript-native/unstable/ast';
import { SignatureKind, TypeFlags, type Diagnostic } from 'typescript-native/unstable/sync';
import { InputError, type SourcePosition } from '../model/errors.js';
import { declarationOf } from '../templates/declaration.js';
import { declaredAt, isPrint } from '../templates/toTypeScript.js';
import { formsOf, nodeAt, type Lens } from './lens.js';
import { templatePath, textOf, type Overlay } from './sourceTexts.js';
import { UNKNOWN_OPTION, wordsOf, type Told } from './words.js';

/** What the compiler says of a value that is no text where one is printed. */
const UNPRINTABLE = [2345, 18047, 18048, 18049, 2531, 2532, 2533];

/** A file's faults in the words and at the places of the user's file. */
export function faultsOf(lens: Lens, source: SourceFile, diagnostics: readonly Diagnostic[]): readonly InputError[] {
  const lines = new Set(diagnostics.filter(({ code }) => !isCascade(code)).map((one) => lineOf(source, one)));
  const told = diagnostics.filter((one) => !isCascade(one.code) || !lines.has(lineOf(source, one)));
  // In one place, what an object cannot have comes before what no variable is called.
  const inOrder = told.sort((a, b) => a.pos - b.pos || a.end - b.end || rank(a) - rank(b));
  return inOrder.map((diagnostic) => {
    const { message, hint, at } = tell(lens, source, diagnostic);
    return new InputError(message, { where: placeOf(lens, source, at?.getStart(source) ?? diagnostic.pos), hint });
  });
}

function rank({ code }: Diagnostic): number {
  return UNKNOWN_OPTION.includes(code) ? 0 : 1;
}

/** What follows from a name that nothing has: its type is `any`, and so is what is made of it. */
function isCascade(code: number): boolean {
  return [7005, 7006, 7022, 7023, 7031, 7034, 7053, 18046].includes(code);
}

function lineOf(source: SourceFile, { pos }: Diagnostic): number {
  return source.getLineAndCharacterOfPosition(pos).line;
}

function tell(lens: Lens, source: SourceFile, diagnostic: Diagnostic): Told {
  const node = nodeAt(source, diagnostic.pos);
  const printed = UNPRINTABLE.includes(diagnostic.code) ? printedBy(lens, node) : undefined;
  return printed ?? wordsOf(lens, diagnostic, node);
}

/** What is wrong with an expression that `<%=` prints, where its type is no text. */
function printedBy({ checker }: Lens, node: Node): Told | undefined {
  let expression = node;
  while (!isSourceFile(expression) && !isPrinting(expression.parent)) expression = expression.parent;
  if (isSourceFile(expression) || !isCallExpression(expression.parent)) return undefined;
  if (expression.parent.arguments[0] !== expression) return undefined;
  const type = checker.getTypeAtLocation(expression);
  const text = expression.getText();
  if (type === undefined) return undefined;
  const forms = formsOf(type);
  const absent = forms.some(({ flags }) => (flags & (TypeFlags.Undefined | TypeFlags.Null)) !== 0);
  const shape = forms.find((form) => (form.flags & TypeFlags.Object) !== 0 && form.getSymbol()?.name !== 'Secret');
  if (shape !== undefined && checker.isArrayLikeType(shape))
    return {
      message: `"${text}" is a list, which <%= does not print`,
      hint: `join it: <%= ${text}.join(', ') %>, or print its items one by one`,
    };
  if (shape !== undefined)
    return {
      message: `"${text}" is ${checker.getSignaturesOfType(shape, SignatureKind.Call).length > 0 ? 'a function' : 'an object'}, which <%= does not print`,
      hint: 'print one of its parts',
    };
  if (!absent) return undefined;
  return {
    message: `"${text}" may be ${checker.typeToString(type).includes('undefined') ? 'undefined' : 'null'}, which <%= does not print`,
    hint: `say what stands there then: <%= ${text} ?? '' %>, or test it: <% if (${text} !== undefined) { -%>`,
  };
}

function isPrinting(node: Node): boolean {
  return isCallExpression(node) && isIdentifier(node.expression) && isPrint(node.expression.text);
}

/** Where that is in the user's file. A template's text begins in the second line of its module; the first is made of its declaration. */
export function placeOf({ overlay }: { readonly overlay: Overlay }, source: SourceFile, start: number): SourcePosition {
  const { line, character } = source.getLineAndCharacterOfPosition(start);
  const file = templatePath(source.fileName);
  if (file === undefined) return { file: source.fileName, line: line + 1, column: character + 1 };
  const text = textOf(file, overlay);
  if (line > 0) {
    // What is missing at the end is missing at the end of the template.
    const last = text.split('\n').length;
    return line > last ? { file, line: last, column: 1 } : { file, line, column: character + 1 };
  }
  const declaration = declarationOf(text);
  if (declaration === undefined) return { file, line: 1, column: 1 };
  const at = declaredAt(declaration);
  const isModule = character >= at.module;
  return { file, line: 1, column: (isModule ? declaration.moduleAt + 1 : declaration.typeAt) + 1 };
}
