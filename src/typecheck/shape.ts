import type ts from 'typescript';
import { sha256 } from '../util/hash.js';
import type { Compiler } from './compiler.js';

/**
 * What other files can see of a module, as a hash: its text without the bodies of functions that say what they return. Where
 * it stays the same, a change of the module cannot make a fault elsewhere.
 */
export function shapeOf(ts: Compiler, source: ts.SourceFile): string {
  return sha256(
    visibleText(ts, source, () => false)
      .replace(/\s+/g, ' ')
      .trim(),
  );
}

/** The text of a module without the bodies of functions that say what they return, and without what `leaveOut` names. */
export function visibleText(ts: Compiler, source: ts.SourceFile, leaveOut: (node: ts.Node) => boolean): string {
  const parts: string[] = [];
  let done = 0;
  const visit = (node: ts.Node): void => {
    if (leaveOut(node)) {
      parts.push(source.text.slice(done, node.getStart(source)));
      done = node.end;
    } else if (ts.isFunctionLike(node) && node.type !== undefined && 'body' in node && node.body !== undefined) {
      parts.push(source.text.slice(done, node.body.getStart(source)));
      done = node.body.end;
    } else ts.forEachChild(node, visit);
  };
  visit(source);
  parts.push(source.text.slice(done));
  return parts.join('{}');
}
