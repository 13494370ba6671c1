import ts from 'typescript';

/** A call in a chain of them: `.min(1)`. */
export interface Call {
  readonly name: string;
  readonly args: readonly ts.Expression[];
  readonly node: ts.CallExpression;
}

/** `z.string().min(1)` → `z` and the calls on it, in order. */
export function chainOf(expression: ts.Expression): { base: ts.Expression; calls: readonly Call[] } {
  if (!ts.isCallExpression(expression) || !ts.isPropertyAccessExpression(expression.expression))
    return { base: expression, calls: [] };
  const { base, calls } = chainOf(expression.expression.expression);
  return {
    base,
    calls: [...calls, { name: expression.expression.name.text, args: [...expression.arguments], node: expression }],
  };
}
