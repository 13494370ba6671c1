import ts from 'typescript';
import { findConstant, type Source } from '../../src/docstrings/source.js';

/** A constant expression as a reader would write it: `86_400` is `86400`, a constant's name is its value. */
export function textOf(source: Source, expression: ts.Expression | undefined): string {
  if (expression === undefined) return '';
  if (ts.isNumericLiteral(expression)) return expression.text;
  if (ts.isIdentifier(expression)) {
    const found = findConstant(source, expression.text);
    return found === undefined ? expression.text : textOf(found.source, found.value);
  }
  return expression.getText();
}
