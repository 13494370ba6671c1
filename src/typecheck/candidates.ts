import type ts from 'typescript';
import type { Compiler } from './compiler.js';
import { modulesNear } from './modules.js';

/** What the compiler knows of a program. */
export interface Lens {
  readonly ts: Compiler;
  readonly checker: ts.TypeChecker;
}

/** The innermost node that begins at a place of a file. */
export function nodeAt(ts: Compiler, source: ts.SourceFile, start: number): ts.Node {
  let found: ts.Node = source;
  const visit = (node: ts.Node): void => {
    if (start < node.getStart(source) || start >= node.end) return;
    found = node;
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(source, visit);
  return found;
}

/** The names that could stand where a wrong one stands: properties, options, exports, variables, allowed texts, modules. */
export function candidates(lens: Lens, node: ts.Node): readonly string[] {
  const { ts } = lens;
  if (ts.isStringLiteralLike(node))
    return isModuleName(ts, node) ? modulesNear(node.text, node.getSourceFile().fileName) : allowedTexts(lens, node);
  if (!ts.isIdentifier(node)) return [];
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node)
    return propertyNames(lens, lens.checker.getTypeAtLocation(parent.expression));
  if (ts.isObjectLiteralElementLike(parent) && parent.name === node && ts.isObjectLiteralExpression(parent.parent)) {
    const wanted = lens.checker.getContextualType(parent.parent);
    const options = wanted === undefined ? [] : propertyNames(lens, wanted);
    return ts.isShorthandPropertyAssignment(parent) ? [...options, ...inScope(lens, node)] : options;
  }
  if (ts.isBindingElement(parent) && (parent.propertyName ?? parent.name) === node)
    return propertyNames(lens, typeOfPattern(lens, parent.parent));
  if (ts.isImportSpecifier(parent)) {
    const from = lens.checker.getSymbolAtLocation(parent.parent.parent.parent.moduleSpecifier);
    return from === undefined ? [] : exportsOf(lens, from, parent);
  }
  if (ts.isQualifiedName(parent) && parent.right === node) {
    const left = lens.checker.getSymbolAtLocation(parent.left);
    return left === undefined ? [] : lens.checker.getExportsOfModule(resolveAlias(lens, left)).map(({ name }) => name);
  }
  return inScope(lens, node);
}

/** The texts that fit where a text stands. Empty where any does. */
export function allowedTexts({ ts, checker }: Lens, node: ts.StringLiteralLike): readonly string[] {
  const { parent } = node;
  if (ts.isBinaryExpression(parent)) {
    return textsOf(checker.getTypeAtLocation(parent.left === node ? parent.right : parent.left));
  }
  if (ts.isCaseClause(parent)) return textsOf(checker.getTypeAtLocation(parent.parent.parent.expression));
  if (ts.isLiteralTypeNode(parent) || ts.isElementAccessExpression(parent)) {
    const holder = ts.isElementAccessExpression(parent)
      ? checker.getTypeAtLocation(parent.expression)
      : ts.isIndexedAccessTypeNode(parent.parent)
        ? checker.getTypeFromTypeNode(parent.parent.objectType)
        : undefined;
    return holder === undefined ? [] : holder.getProperties().map(({ name }) => name);
  }
  return textsOf(checker.getContextualType(node));
}

/** The texts that a type is made of. */
export function textsOf(type: ts.Type | undefined): readonly string[] {
  if (type === undefined) return [];
  return (type.isUnion() ? type.types : [type]).flatMap((one) => (one.isStringLiteral() ? [one.value] : []));
}

/** Every property that a value of a type may have; for a union, those of all its forms. */
export function propertyNames({ checker }: Lens, type: ts.Type): readonly string[] {
  const forms = type.isUnion() ? type.types : [type];
  return [
    ...new Set(
      forms.flatMap((form) =>
        checker
          .getApparentType(form)
          .getProperties()
          .map(({ name }) => name),
      ),
    ),
  ].filter((name) => !name.startsWith('__'));
}

function typeOfPattern({ ts, checker }: Lens, pattern: ts.BindingPattern): ts.Type {
  const { parent } = pattern;
  if (ts.isParameter(parent) && parent.type !== undefined) return checker.getTypeFromTypeNode(parent.type);
  if (ts.isVariableDeclaration(parent) && parent.initializer !== undefined) return checker.getTypeAtLocation(parent.initializer);
  return checker.getTypeAtLocation(pattern);
}

/** The names that may stand there: those of types, or those of values. */
function inScope(lens: Lens, node: ts.Node): readonly string[] {
  const { ts, checker } = lens;
  const { Value, Type, Namespace, Alias } = ts.SymbolFlags;
  const meanings =
    ts.isTypeReferenceNode(node.parent) || ts.isExpressionWithTypeArguments(node.parent) ? [Type, Namespace] : [Value];
  const own = meanings.flatMap((one) => checker.getSymbolsInScope(node, one));
  const imported = checker
    .getSymbolsInScope(node, Alias)
    .filter((symbol) => meanings.some((one) => (resolveAlias(lens, symbol).flags & one) !== 0));
  return [...own, ...imported].map(({ name }) => name);
}

function resolveAlias({ ts, checker }: Lens, symbol: ts.Symbol): ts.Symbol {
  return (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
}

function isModuleName(ts: Compiler, node: ts.Node): boolean {
  return ts.isImportDeclaration(node.parent) || ts.isExportDeclaration(node.parent) || ts.isExternalModuleReference(node.parent);
}

/** What a module exports; of one that exports a single thing (`export =`), the properties of that. */
function exportsOf(lens: Lens, module: ts.Symbol, node: ts.Node): readonly string[] {
  const { ts, checker } = lens;
  const whole = module.exports?.get(ts.InternalSymbolName.ExportEquals);
  const parts = whole === undefined ? [] : checker.getTypeOfSymbolAtLocation(resolveAlias(lens, whole), node).getProperties();
  return [...checker.getExportsOfModule(module), ...parts].map(({ name }) => name);
}
