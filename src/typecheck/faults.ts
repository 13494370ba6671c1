import type ts from 'typescript';
import { InputError, type SourcePosition } from '../model/errors.js';
import { declarationOf } from '../templates/declaration.js';
import { declaredAt, isPrint } from '../templates/toTypeScript.js';
import { nodeAt, type Lens } from './candidates.js';
import type { Compiler } from './compiler.js';
import type { Project } from './project.js';
import { templatePath, textOf } from './sourceTexts.js';
import { wordsOf, type Told } from './words.js';

/** The faults of one of a program's files, in the words and at the places of the user's file. */
export function faultsOf(ts: Compiler, project: Project, fileName: string): readonly InputError[] {
  const { program } = project;
  const source = program.getSourceFile(fileName);
  if (source === undefined) return [new InputError(`${fileName} cannot be read`, { where: { file: fileName } })];
  const syntactic = program.getSyntacticDiagnostics(source);
  const diagnostics = syntactic.length > 0 ? syntactic : program.getSemanticDiagnostics(source);
  const lens: Lens = { ts, checker: program.getTypeChecker() };
  const lines = new Set(diagnostics.filter(({ code }) => !isCascade(code)).map((one) => lineOf(source, one)));
  const told = diagnostics.filter((one) => !isCascade(one.code) || !lines.has(lineOf(source, one)));
  return told.map((diagnostic) => {
    const { message, hint, at } = tell(lens, source, diagnostic);
    return new InputError(message, { where: placeOf(project, source, at?.getStart() ?? diagnostic.start ?? 0), hint });
  });
}

/** What follows from a name that nothing has: its type is `any`, and so is what is made of it. */
function isCascade(code: number): boolean {
  return [7005, 7006, 7022, 7023, 7031, 7034, 7053, 18046].includes(code);
}

function lineOf(source: ts.SourceFile, { start }: ts.Diagnostic): number {
  return source.getLineAndCharacterOfPosition(start ?? 0).line;
}

function tell(lens: Lens, source: ts.SourceFile, diagnostic: ts.Diagnostic): Told {
  const node = nodeAt(lens.ts, source, diagnostic.start ?? 0);
  const printed = printedBy(lens, node);
  if (printed !== undefined && [2345, 18047, 18048, 18049, 2531, 2532, 2533].includes(diagnostic.code)) return printed;
  return wordsOf(lens, diagnostic, node);
}

/** What is wrong with an expression that `<%=` prints, where its type is no text. */
function printedBy({ ts, checker }: Lens, node: ts.Node): Told | undefined {
  let expression = node;
  while (!ts.isSourceFile(expression) && !isPrinting(ts, expression.parent)) expression = expression.parent;
  if (ts.isSourceFile(expression) || !ts.isCallExpression(expression.parent)) return undefined;
  if (expression.parent.arguments[0] !== expression) return undefined;
  const type = checker.getTypeAtLocation(expression);
  const text = expression.getText();
  const forms = type.isUnion() ? type.types : [type];
  const absent = forms.some(({ flags }) => (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)) !== 0);
  const shape = forms.find((form) => (form.flags & ts.TypeFlags.Object) !== 0 && form.symbol.name !== 'Secret');
  if (shape !== undefined && checker.isArrayLikeType(shape))
    return {
      message: `"${text}" is a list, which <%= does not print`,
      hint: `join it: <%= ${text}.join(', ') %>, or print its items one by one`,
    };
  if (shape !== undefined)
    return {
      message: `"${text}" is ${shape.getCallSignatures().length > 0 ? 'a function' : 'an object'}, which <%= does not print`,
      hint: 'print one of its parts',
    };
  if (!absent) return undefined;
  return {
    message: `"${text}" may be ${checker.typeToString(type).includes('undefined') ? 'undefined' : 'null'}, which <%= does not print`,
    hint: `say what stands there then: <%= ${text} ?? '' %>, or test it: <% if (${text} !== undefined) { -%>`,
  };
}

function isPrinting(ts: Compiler, node: ts.Node): boolean {
  return ts.isCallExpression(node) && ts.isIdentifier(node.expression) && isPrint(node.expression.text);
}

/** Where that is in the user's file. A template's text begins in the second line of its module; the first is made of its declaration. */
export function placeOf({ overlay }: Project, source: ts.SourceFile, start: number): SourcePosition {
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
