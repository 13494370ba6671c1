import {
  isArrowFunction,
  isExportAssignment,
  isObjectLiteralExpression,
  isPropertyAssignment,
  isShorthandPropertyAssignment,
  isSpreadAssignment,
  isStringLiteralLikeNode,
  type Node,
  type ObjectLiteralExpression,
  type SourceFile,
} from 'typescript-native/unstable/ast';
import { TypeFlags, type Project, type Type } from 'typescript-native/unstable/sync';
import type { Judged } from './judge.js';
import { templateModule, textOf } from './sourceTexts.js';

/** A place of a module that gives a template variables which are not of its type. */
export interface WrongCall {
  readonly file: string;
  /** Characters in front of what the option `vars` is set to. */
  readonly start: number;
  readonly given: Type;
  /** The type that the template declares. */
  readonly wanted: Type;
}

/** Options that name a template, beside an option `vars` with its variables. */
const NAMING = ['src', 'template'];

/**
 * The places of these modules that name a template by its name (`{ src: 'a.ejs', vars }` of template and systemdUnit,
 * `{ template: 'a.ejs', vars }` of configFiles) and give it variables of another type than it declares. A name that is computed
 * is not followed; there the rendering before each run finds what is missing.
 */
export function wrongCalls(
  project: Project,
  modules: readonly string[],
  { findTemplate, overlay }: Pick<Judged, 'findTemplate' | 'overlay'>,
): readonly WrongCall[] {
  const { program, checker } = project;
  const declared = new Map<string, Type | undefined>();
  const typeOf = (template: string): Type | undefined => {
    if (!declared.has(template)) declared.set(template, declaredType(project, template));
    return declared.get(template);
  };
  return modules.flatMap((file) => {
    // A parsed file is large, and few name a template.
    const source = textOf(file, overlay).includes('.ejs') ? program.getSourceFile(file) : undefined;
    if (source === undefined) return [];
    return templatesGiven(source, findTemplate).flatMap(({ template, vars }) => {
      const wanted = typeOf(template);
      // Without any, it may be another task's option of that name; the rendering before each run knows.
      const given = wanted === undefined ? undefined : checker.getTypeAtLocation(vars);
      if (wanted === undefined || given === undefined || checker.isTypeAssignableTo(given, wanted)) return [];
      return [{ file, start: vars.getStart(source), given, wanted }];
    });
  });
}

interface TemplateGiven {
  readonly template: string;
  readonly vars: Node;
}

function templatesGiven(source: SourceFile, findTemplate: (src: string) => string | undefined): readonly TemplateGiven[] {
  const found: TemplateGiven[] = [];
  const visit = (node: Node): void => {
    if (isObjectLiteralExpression(node)) {
      const template = templateNamed(source, node, findTemplate);
      const vars = template === undefined ? undefined : varsOf(source, node);
      if (template !== undefined && vars !== undefined) found.push({ template, vars });
    }
    node.forEachChild(visit);
  };
  visit(source);
  return found;
}

function templateNamed(
  source: SourceFile,
  { properties }: ObjectLiteralExpression,
  findTemplate: (src: string) => string | undefined,
): string | undefined {
  for (const one of properties) {
    if (!isPropertyAssignment(one) || !NAMING.includes(one.name.getText(source))) continue;
    const { initializer } = one;
    if (isStringLiteralLikeNode(initializer))
      return initializer.text.endsWith('.ejs') ? findTemplate(initializer.text) : undefined;
  }
  return undefined;
}

/** What `vars` is set to; undefined where it is not there, or where more may be than is written. */
function varsOf(source: SourceFile, { properties }: ObjectLiteralExpression): Node | undefined {
  if (properties.some((one) => isSpreadAssignment(one))) return undefined;
  for (const one of properties) {
    if (isPropertyAssignment(one) && one.name.getText(source) === 'vars') return one.initializer;
    if (isShorthandPropertyAssignment(one) && one.name.getText(source) === 'vars') return one.name;
  }
  return undefined;
}

/** The type that a template's first line names; undefined where it names none, or one that is not there (which is its own fault). */
function declaredType({ program, checker }: Project, template: string): Type | undefined {
  const source = program.getSourceFile(templateModule(template));
  const exported = source?.statements.find(isExportAssignment)?.expression;
  const parameter = exported !== undefined && isArrowFunction(exported) ? exported.parameters[0] : undefined;
  if (parameter?.type === undefined || parameter.name.getText(source) !== 'v') return undefined;
  const type = checker.getTypeFromTypeNode(parameter.type);
  return type === undefined || (type.flags & TypeFlags.Any) !== 0 ? undefined : type;
}
