import {
  SyntaxKind,
  isArrowFunction,
  isBindingElement,
  isBlock,
  isCaseClause,
  isClassDeclaration,
  isClassExpression,
  isDefaultClause,
  isEnumDeclaration,
  isExpressionWithTypeArguments,
  isFunctionDeclaration,
  isFunctionExpression,
  isFunctionLikeDeclaration,
  isIdentifier,
  isImportDeclaration,
  isImportEqualsDeclaration,
  isInterfaceDeclaration,
  isModuleDeclaration,
  isNamespaceImport,
  isParameterDeclaration,
  isSourceFile,
  isTypeAliasDeclaration,
  isTypeParameterDeclaration,
  isTypeReferenceNode,
  isVariableDeclaration,
  isVariableDeclarationList,
  isVariableStatement,
  type Identifier,
  type ImportClause,
  type Node,
} from 'typescript-native/unstable/ast';
import { SymbolFlags } from 'typescript-native/unstable/sync';
import type { Lens } from './lens.js';

/** A name that a node declares for what is around it, and what is called so. `Alias`: what is imported. */
interface Declared {
  readonly name: Identifier;
  readonly flags: SymbolFlags;
}

const { Value, Type, Namespace, Variable, Function, Class, Enum, TypeAlias, Alias } = SymbolFlags;

/** The names that may stand in a place: those of types, or those of values; the nearest scope's first. */
export function namesInScope(lens: Lens, node: Node): readonly string[] {
  const isType = isTypeReferenceNode(node.parent) || isExpressionWithTypeArguments(node.parent);
  const meaning = isType ? Type | Namespace : Value;
  const scopes: Node[] = [];
  for (let at = node.parent; ; at = at.parent) {
    scopes.push(at);
    if (isSourceFile(at)) break;
  }
  const declared = scopes.flatMap(declaredIn);
  const own = declared.filter(({ flags }) => (flags & meaning) !== 0).map(({ name }) => name.text);
  const ambient = lens.globals().filter(({ flags }) => (flags & meaning) !== 0);
  const imported = declared.filter(({ flags }) => flags === Alias).map(({ name }) => name);
  return [
    ...own,
    ...(isType ? [] : [...scopes.flatMap(ownNames), 'undefined']),
    ...ambient.map(({ name }) => name),
    ...ofMeaning(lens, imported, meaning),
  ];
}

/** Those of imported names behind which there is a value, or a type. */
function ofMeaning({ checker }: Lens, names: readonly Identifier[], meaning: number): readonly string[] {
  const symbols = names.length === 0 ? [] : checker.getSymbolAtLocation(names);
  return symbols.flatMap((symbol) => {
    if (symbol === undefined) return [];
    const { flags } = (symbol.flags & Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
    return (flags & meaning) === 0 ? [] : [symbol.name];
  });
}

/** What is declared directly in a node: what it keeps to itself first, and functions before the rest. */
function declaredIn(scope: Node): readonly Declared[] {
  // The names of a function's body are told with its parameters.
  if (isVariableDeclarationList(scope) || isVariableStatement(scope) || isBody(scope)) return [];
  const parts: Node[] = [];
  scope.forEachChild((child) => {
    parts.push(...(isBody(child) ? functionsFirst(child.statements) : [child]));
  });
  const ordered = isFunctionLikeDeclaration(scope) ? parts : functionsFirst(parts);
  return [...ordered.filter((part) => !isExported(part)), ...ordered.filter(isExported)].flatMap(declaredBy);
}

function isBody(node: Node): node is Node & { readonly statements: readonly Node[] } {
  return isBlock(node) && isFunctionLikeDeclaration(node.parent);
}

function functionsFirst(nodes: Iterable<Node>): readonly Node[] {
  const all = [...nodes];
  return [...all.filter(isFunctionDeclaration), ...all.filter((one) => !isFunctionDeclaration(one))];
}

function isExported(node: Node): boolean {
  const modifiers = 'modifiers' in node ? (node.modifiers as Iterable<Node> | undefined) : undefined;
  return modifiers !== undefined && [...modifiers].some(({ kind }) => kind === SyntaxKind.ExportKeyword);
}

function declaredBy(node: Node): readonly Declared[] {
  if (isVariableStatement(node)) return declaredBy(node.declarationList);
  if (isVariableDeclarationList(node)) return [...node.declarations].flatMap(declaredBy);
  if (isVariableDeclaration(node) || isParameterDeclaration(node) || isBindingElement(node)) return named(node.name, Variable);
  if (isFunctionDeclaration(node)) return named(node.name, Function);
  if (isClassDeclaration(node)) return named(node.name, Class);
  if (isEnumDeclaration(node)) return named(node.name, Enum);
  if (isInterfaceDeclaration(node) || isTypeAliasDeclaration(node) || isTypeParameterDeclaration(node))
    return named(node.name, TypeAlias);
  if (isModuleDeclaration(node)) return named(node.name, Namespace);
  if (isCaseClause(node) || isDefaultClause(node)) return [...node.statements].flatMap(declaredBy);
  if (isImportEqualsDeclaration(node)) return named(node.name, Alias);
  return isImportDeclaration(node) ? imports(node.importClause) : [];
}

function imports(clause: ImportClause | undefined): readonly Declared[] {
  const { name, namedBindings: more } = clause ?? {};
  const others = more === undefined ? [] : isNamespaceImport(more) ? [more] : [...more.elements];
  return [...named(name, Alias), ...others.flatMap((one) => named(one.name, Alias))];
}

/** A name, or the names of the pattern that stands for one. */
function named(name: Node | undefined, flags: SymbolFlags): readonly Declared[] {
  if (name === undefined) return [];
  if (isIdentifier(name)) return [{ name, flags }];
  const found: Declared[] = [];
  name.forEachChild((element) => {
    found.push(...declaredBy(element));
  });
  return found;
}

/** The names that an expression has within itself only. */
function ownNames(scope: Node): readonly string[] {
  const own = (isFunctionExpression(scope) || isClassExpression(scope)) && scope.name !== undefined ? [scope.name.text] : [];
  return isFunctionLikeDeclaration(scope) && !isArrowFunction(scope) ? ['arguments', ...own] : own;
}
