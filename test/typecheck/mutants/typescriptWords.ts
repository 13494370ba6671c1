import ts from 'typescript';
import type { MutantKind, Word } from './mutant.js';

/** The words of a module that mean something to somebody else: names, and texts of which only some are allowed. */
export function typescriptWords(
  file: string,
  source: ts.SourceFile,
  checker: ts.TypeChecker,
  variables: ReadonlySet<string>,
): readonly Word[] {
  const words: Word[] = [];
  const visit = (node: ts.Node): void => {
    const kind = ts.isIdentifier(node)
      ? kindOfName(node, variables)
      : ts.isStringLiteralLike(node)
        ? kindOfText(node, checker)
        : undefined;
    if (kind !== undefined && (ts.isIdentifier(node) || ts.isStringLiteralLike(node))) {
      const quote = ts.isIdentifier(node) ? 0 : 1;
      words.push({ kind, file, offset: node.getStart(source) + quote, text: node.text });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return words;
}

function kindOfName(node: ts.Identifier, variables: ReadonlySet<string>): MutantKind | undefined {
  // `as const` is a word of the language.
  if (node.text === 'const') return undefined;
  if (variables.has(node.text)) return 'variable';
  const { parent } = node;
  const isKey = ts.isObjectLiteralElementLike(parent) && parent.name === node;
  return isKey ? 'option' : 'name';
}

function kindOfText(node: ts.StringLiteralLike, checker: ts.TypeChecker): MutantKind | undefined {
  const { parent } = node;
  if (ts.isImportDeclaration(parent)) return node.text.startsWith('node:') ? undefined : 'module';
  if (node.text.endsWith('.ejs')) return 'template';
  if (isIn(node, 'tags')) return 'tag';
  if (isGroup(node)) return 'group';
  return isEnumerated(node, checker) ? 'value' : undefined;
}

/** Whether a text is (in a list that is) what an option is set to. */
function isIn(node: ts.Node, option: string): boolean {
  const holder = ts.isArrayLiteralExpression(node.parent) ? node.parent.parent : node.parent;
  return ts.isPropertyAssignment(holder) && holder.name.getText() === option;
}

function isGroup(node: ts.StringLiteralLike): boolean {
  const { parent } = node;
  if (isIn(node, 'groups') || (isIn(node, 'hosts') && node.text !== 'all')) return true;
  if (ts.isLiteralTypeNode(parent)) return inTaskContext(parent);
  return ts.isCallExpression(parent) && /^(hosts|of)$/.test(parent.expression.getText());
}

function inTaskContext(node: ts.Node): boolean {
  if (ts.isTypeReferenceNode(node)) return node.typeName.getText() === 'TaskContext';
  return !ts.isSourceFile(node) && ts.isTypeNode(node) && inTaskContext(node.parent);
}

/** Whether only some texts may stand there: by its own type's definition, by what is expected, or by what it is compared with. */
function isEnumerated(node: ts.StringLiteralLike, checker: ts.TypeChecker): boolean {
  const { parent } = node;
  if (ts.isLiteralTypeNode(parent)) return true;
  if (ts.isPropertyAssignment(parent) && parent.name === node) return false;
  if (ts.isBinaryExpression(parent) && /^[!=]==$/.test(parent.operatorToken.getText())) {
    const other = checker.getTypeAtLocation(parent.left === node ? parent.right : parent.left);
    return isLiteral(other);
  }
  const inEnum =
    ts.isArrayLiteralExpression(parent) && ts.isCallExpression(parent.parent) && parent.parent.expression.getText() === 'z.enum';
  const expected = checker.getContextualType(node);
  return inEnum || (expected !== undefined && isLiteral(expected));
}

function isLiteral(type: ts.Type): boolean {
  const forms = type.isUnion() ? type.types : [type];
  return forms.some((form) => form.isStringLiteral()) && !forms.some(({ flags }) => (flags & ts.TypeFlags.String) !== 0);
}
