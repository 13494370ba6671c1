import type ts from 'typescript';
import { InputError } from '../model/errors.js';
import type { Compiler } from './compiler.js';
import { placeOf } from './faults.js';
import type { WrongCall } from './judgeCalls.js';
import type { Project } from './project.js';
import { templateModule } from './sourceTexts.js';

/** What is wrong with the variables that a module gives a template: which of them, and how. */
export function callFault(ts: Compiler, project: Project, { file, template, start }: WrongCall): InputError {
  const source = project.program.getSourceFile(file);
  const vars = source === undefined ? undefined : expressionAt(ts, source, start);
  const declared = declaredType(ts, project, template);
  if (source === undefined || vars === undefined || declared === undefined)
    return new InputError('the variables given to this template are not of its type', { where: { file } });
  const checker = project.program.getTypeChecker();
  const given = checker.getTypeAtLocation(vars);
  const wrong = declared.getProperties().flatMap((wanted) => {
    const has = given.getProperty(wanted.name);
    const optional = (wanted.flags & ts.SymbolFlags.Optional) !== 0;
    if (has === undefined) return optional ? [] : [`"${wanted.name}" is missing`];
    const [type, other] = [checker.getTypeOfSymbol(has), checker.getTypeOfSymbol(wanted)];
    return checker.isTypeAssignableTo(type, other)
      ? []
      : [`"${wanted.name}" is ${checker.typeToString(type)} instead of ${checker.typeToString(other)}`];
  });
  const type = checker.typeToString(declared);
  return new InputError(
    `the variables given to this template are no ${type}: ${wrong.slice(0, 5).join(', ') || checker.typeToString(given)}`,
    {
      where: placeOf(project, source, start),
      hint: `make them with their type first: const given: ${type} = { … }, then vars: { ...given }`,
    },
  );
}

/** The expression that begins there: what an option is set to, or the option itself where it stands for its own value. */
function expressionAt(ts: Compiler, source: ts.SourceFile, start: number): ts.Expression | undefined {
  let found: ts.Expression | undefined;
  const visit = (node: ts.Node): void => {
    if (start < node.pos || start >= node.end || found !== undefined) return;
    if (ts.isPropertyAssignment(node) && node.initializer.getStart(source) === start) found = node.initializer;
    else if (ts.isShorthandPropertyAssignment(node) && node.getStart(source) === start) found = node.name;
    else ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The type that a template's first line names. */
function declaredType(ts: Compiler, { program }: Project, template: string): ts.Type | undefined {
  const source = program.getSourceFile(templateModule(template));
  const exported = source?.statements.find(ts.isExportAssignment)?.expression;
  const parameter = exported !== undefined && ts.isArrowFunction(exported) ? exported.parameters[0] : undefined;
  return parameter?.type === undefined ? undefined : program.getTypeChecker().getTypeFromTypeNode(parameter.type);
}
