import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describeSchema, type Option } from './schema.js';
import { constantsOf, docstringOf, importsOf, isExported, parseSource, type Source } from '../../src/docstrings/source.js';

/** A role: the functions that give its tasks, and its variables. */
export interface Role {
  /** `mysql` */
  readonly name: string;
  readonly path: string;
  readonly functions: readonly { readonly name: string; readonly doc: string }[];
  /** The schema's name and module: `mysqlVars`, `provision/roles/mysqlVars`. */
  readonly vars: { readonly name: string; readonly module: string; readonly doc: string; readonly options: readonly Option[] };
  /** The kinds of task that it is made of, as `provision/tasks/…` names them. */
  readonly kinds: readonly string[];
  /** The files in templates/ that it names. */
  readonly templates: readonly string[];
}

const ROLES_FOLDER = 'playbooks/roles';

/** All roles of the project, by name: files with functions of a play's context, and the schema of that name. */
export function readRoles(root: string): readonly Role[] {
  const sources = readdirSync(join(root, ROLES_FOLDER))
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .map((file) => parseSource(root, `${ROLES_FOLDER}/${file}`));
  return sources.flatMap((source) => {
    const functions = roleFunctions(source);
    return functions.length === 0 ? [] : [roleOf(source, functions, sources)];
  });
}

function roleOf(source: Source, functions: Role['functions'], sources: readonly Source[]): Role {
  const name = baseName(source.path);
  const schema = sources.flatMap(constantsOf).find((one) => one.exported && one.name === `${name}Vars`);
  if (schema === undefined) throw new Error(`${source.path}: the docs generator finds no ${name}Vars in ${ROLES_FOLDER}`);
  return {
    name,
    path: source.path,
    functions,
    vars: {
      name: schema.name,
      module: `provision/roles/${baseName(schema.source.path)}`,
      doc: docstringOf(schema.statement).text,
      options: describeSchema(schema.source, schema.value).nested,
    },
    kinds: importsOf(source).flatMap(({ specifier }) => /^provision\/tasks\/(.+)$/.exec(specifier)?.[1] ?? []),
    templates: templatesOf(source),
  };
}

/** Exported functions that a play can take as its `tasks`. */
function roleFunctions(source: Source): Role['functions'] {
  return source.node.statements
    .filter(ts.isFunctionDeclaration)
    .filter((one) => isExported(one) && one.type?.getText() === 'TaskList')
    .map((one) => ({ name: one.name?.text ?? '', doc: docstringOf(one).text }));
}

function templatesOf(source: Source): readonly string[] {
  const found = source.node.getText().matchAll(/'([\w.-]+\.ejs)'/g);
  return [...new Set([...found].map(([, name = '']) => name))].sort();
}

function baseName(path: string): string {
  return path.replace(/^.*\//, '').replace(/\.ts$/, '');
}
