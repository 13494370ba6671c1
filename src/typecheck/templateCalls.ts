import type ts from 'typescript';
import { InputError } from '../model/errors.js';
import { placeOf } from './faults.js';
import type { Compiler } from './compiler.js';
import { templateModule, type Project } from './project.js';

/** Options that name a template, beside an option `vars` with its variables. */
const NAMING = ['src', 'template'];

/** A place of a module that gives variables to a template. */
export interface TemplateGiven {
  readonly template: string;
  /** What `vars` is set to; undefined where the option is not there. */
  readonly vars: ts.Expression | undefined;
  readonly object: ts.ObjectLiteralExpression;
}

/**
 * The places that name a template by its name: `{ src: 'a.ejs', vars }` of template and systemdUnit, `{ template: 'a.ejs', vars }`
 * of configFiles. A name that is computed is not followed; there the rendering before each run finds what is missing.
 */
export function templatesGiven(
  ts: Compiler,
  source: ts.SourceFile,
  findTemplate: (src: string) => string | undefined,
): readonly TemplateGiven[] {
  const found: TemplateGiven[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isObjectLiteralExpression(node)) {
      const naming = node.properties.find(
        (one): one is ts.PropertyAssignment =>
          ts.isPropertyAssignment(one) && NAMING.includes(one.name.getText(source)) && ts.isStringLiteralLike(one.initializer),
      );
      const src = naming?.initializer;
      const template =
        src !== undefined && ts.isStringLiteralLike(src) && src.text.endsWith('.ejs') ? findTemplate(src.text) : undefined;
      if (template !== undefined) found.push({ template, vars: varsOf(ts, node), object: node });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function varsOf(ts: Compiler, object: ts.ObjectLiteralExpression): ts.Expression | undefined {
  for (const one of object.properties) {
    if (ts.isPropertyAssignment(one) && one.name.getText() === 'vars') return one.initializer;
    if (ts.isShorthandPropertyAssignment(one) && one.name.text === 'vars') return one.name;
  }
  return undefined;
}

/** The faults of the variables that a module gives to templates: they must be of the type that the template declares. */
export function templateCallFaults(
  ts: Compiler,
  project: Project,
  name: string,
  findTemplate: (src: string) => string | undefined,
): readonly InputError[] {
  const source = project.program.getSourceFile(name);
  if (source === undefined) return [];
  const checker = project.program.getTypeChecker();
  return templatesGiven(ts, source, findTemplate).flatMap(({ template, vars, object }) => {
    const declared = declaredType(ts, project, template);
    // Without any, it may be another task's option of that name; the rendering before each run knows.
    if (declared === undefined || vars === undefined || object.properties.some((one) => ts.isSpreadAssignment(one))) return [];
    const given = checker.getTypeAtLocation(vars);
    if (checker.isTypeAssignableTo(given, declared)) return [];
    const wrong = declared.getProperties().flatMap((wanted) => {
      const has = given.getProperty(wanted.name);
      const optional = (wanted.flags & ts.SymbolFlags.Optional) !== 0;
      if (has === undefined) return optional ? [] : [`"${wanted.name}" is missing`];
      const type = checker.getTypeOfSymbol(has);
      return checker.isTypeAssignableTo(type, checker.getTypeOfSymbol(wanted))
        ? []
        : [
            `"${wanted.name}" is ${checker.typeToString(type)} instead of ${checker.typeToString(checker.getTypeOfSymbol(wanted))}`,
          ];
    });
    const type = checker.typeToString(declared);
    return [
      new InputError(
        `the variables given to this template are no ${type}: ${wrong.slice(0, 5).join(', ') || checker.typeToString(given)}`,
        {
          where: placeOf(project, source, vars.getStart()),
          hint: `make them with their type first: const given: ${type} = { … }, then vars: { ...given }`,
        },
      ),
    ];
  });
}

/** The type that a template's first line names; undefined where it names none, or one that is not there (which is its own fault). */
function declaredType(ts: Compiler, { program }: Project, template: string): ts.Type | undefined {
  const source = program.getSourceFile(templateModule(template));
  const exported = source?.statements.find(ts.isExportAssignment)?.expression;
  const parameter = exported !== undefined && ts.isArrowFunction(exported) ? exported.parameters[0] : undefined;
  if (parameter?.type === undefined || parameter.name.getText() !== 'v') return undefined;
  const type = program.getTypeChecker().getTypeFromTypeNode(parameter.type);
  return (type.flags & ts.TypeFlags.Any) === 0 ? type : undefined;
}
