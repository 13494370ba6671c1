import ts from 'typescript';
import { declarationOf } from '../../../src/templates/declaration.js';
import { piecesOf } from '../../../src/templates/tags.js';
import { isPrint, toTypeScript } from '../../../src/templates/toTypeScript.js';
import type { Word } from './mutant.js';

/** The words of a template's declaration and of the code in its tags. */
export function templateWords(file: string, text: string, variables: ReadonlySet<string>): readonly Word[] {
  const declaration = declarationOf(text);
  const words: Word[] = [];
  if (declaration !== undefined) {
    const { type, module, typeAt, moduleAt } = declaration;
    words.push({ kind: 'section', file, offset: text.indexOf('vars'), text: 'vars' });
    words.push({ kind: 'name', file, offset: typeAt, text: type });
    words.push({ kind: 'module', file, offset: moduleAt + 1, text: module });
  }
  // Its second line is the template's first, character by character.
  const code = toTypeScript(declaration, piecesOf(text));
  const head = code.indexOf('\n') + 1;
  const source = ts.createSourceFile('template.ts', code, ts.ScriptTarget.ES2023, true);
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.getStart() >= head && !isPrint(node.text)) {
      const kind = variables.has(node.text) ? 'variable' : 'name';
      words.push({ kind, file, offset: node.getStart() - head, text: node.text });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return words;
}
