import {
  InternalSymbolName,
  isBinaryExpression,
  isBindingElement,
  isCaseClause,
  isElementAccessExpression,
  isExportDeclaration,
  isExternalModuleReference,
  isIdentifier,
  isImportDeclaration,
  isImportSpecifier,
  isIndexedAccessTypeNode,
  isLiteralTypeNode,
  isObjectLiteralElementLike,
  isObjectLiteralExpression,
  isParameterDeclaration,
  isPropertyAccessExpression,
  isQualifiedName,
  isShorthandPropertyAssignment,
  isSpreadAssignment,
  isStringLiteralLikeNode,
  isSwitchStatement,
  isVariableDeclaration,
  type Node,
  type ObjectLiteralElementLike,
  type SpreadAssignment,
  type StringLiteralLikeNode,
} from 'typescript-native/unstable/ast';
import { SymbolFlags, type Symbol, type Type } from 'typescript-native/unstable/sync';
import { propertyNames, textsOf, type Lens } from './lens.js';
import { modulesNear } from './modules.js';
import { namesInScope } from './scope.js';

/** The names that could stand where a wrong one stands: properties, options, exports, variables, allowed texts, modules. */
export function candidates(lens: Lens, node: Node): readonly string[] {
  const { checker } = lens;
  if (isStringLiteralLikeNode(node))
    return isModuleName(node) ? modulesNear(node.text, node.getSourceFile().fileName) : allowedTexts(lens, node);
  if (!isIdentifier(node)) return [];
  const { parent } = node;
  if (isPropertyAccessExpression(parent) && parent.name === node)
    return propertyNames(lens, checker.getTypeAtLocation(parent.expression));
  if (isOption(parent) && parent.name === node && isObjectLiteralExpression(parent.parent)) {
    const options = propertyNames(lens, checker.getContextualType(parent.parent));
    return isShorthandPropertyAssignment(parent) ? [...options, ...namesInScope(lens, node)] : options;
  }
  if (isBindingElement(parent) && (parent.propertyName ?? parent.name) === node)
    return propertyNames(lens, typeOfPattern(lens, parent.parent));
  if (isImportSpecifier(parent)) return exportsOf(lens, parent);
  if (isQualifiedName(parent) && parent.right === node) {
    const left = checker.getSymbolAtLocation(parent.left);
    return left === undefined ? [] : checker.getExportsOfModule(resolveAlias(lens, left)).map(({ name }) => name);
  }
  return namesInScope(lens, node);
}

/** The texts that fit where a text stands. Empty where any does. */
export function allowedTexts(lens: Lens, node: StringLiteralLikeNode): readonly string[] {
  const { checker } = lens;
  const { parent } = node;
  if (isBinaryExpression(parent)) {
    return textsOf(checker.getTypeAtLocation(parent.left === node ? parent.right : parent.left));
  }
  if (isCaseClause(parent)) return textsOf(switchedType(lens, parent));
  if (isElementAccessExpression(parent)) return allProperties(lens, checker.getTypeAtLocation(parent.expression));
  if (!isLiteralTypeNode(parent)) return textsOf(checker.getContextualType(node));
  return isIndexedAccessTypeNode(parent.parent) ? allProperties(lens, checker.getTypeFromTypeNode(parent.parent.objectType)) : [];
}

function switchedType({ checker }: Lens, clause: Node): Type | undefined {
  const { parent } = clause.parent;
  return isSwitchStatement(parent) ? checker.getTypeAtLocation(parent.expression) : undefined;
}

function allProperties({ checker }: Lens, type: Type | undefined): readonly string[] {
  return type === undefined ? [] : checker.getPropertiesOfType(type).map(({ name }) => name);
}

function typeOfPattern({ checker }: Lens, pattern: Node): Type | undefined {
  const { parent } = pattern;
  if (isParameterDeclaration(parent) && parent.type !== undefined) return checker.getTypeFromTypeNode(parent.type);
  if (isVariableDeclaration(parent) && parent.initializer !== undefined) return checker.getTypeAtLocation(parent.initializer);
  return checker.getTypeAtLocation(pattern);
}

function resolveAlias({ checker }: Lens, symbol: Symbol): Symbol {
  return (symbol.flags & SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
}

function isOption(node: Node): node is Exclude<ObjectLiteralElementLike, SpreadAssignment> {
  return isObjectLiteralElementLike(node) && !isSpreadAssignment(node);
}

function isModuleName({ parent }: Node): boolean {
  return isImportDeclaration(parent) || isExportDeclaration(parent) || isExternalModuleReference(parent);
}

/** What the module of an import exports; of one that exports a single thing (`export =`), the properties of that. */
function exportsOf(lens: Lens, node: Node): readonly string[] {
  const { checker } = lens;
  const declaration = node.parent.parent.parent;
  const module = isImportDeclaration(declaration) ? checker.getSymbolAtLocation(declaration.moduleSpecifier) : undefined;
  if (module === undefined) return [];
  const whole = module.getExports().get(InternalSymbolName.ExportEquals);
  const type = whole === undefined ? undefined : checker.getTypeOfSymbolAtLocation(resolveAlias(lens, whole), node);
  return [...checker.getExportsOfModule(module).map(({ name }) => name), ...allProperties(lens, type)];
}
