import type { Kind } from './kinds.js';
import { fence, footer, list, optionTable, page, table, type Page } from './markdown.js';
import type { Role } from './roles.js';
import { code } from './words.js';

/** A page for each role, and their index. */
export function rolePages(roles: readonly Role[], kinds: readonly Kind[]): readonly Page[] {
  const known = new Set(kinds.map(({ path }) => path));
  return [index(roles), ...roles.map((role) => rolePage(role, known))];
}

function rolePage(role: Role, known: ReadonlySet<string>): Page {
  const { name, functions, vars, path } = role;
  const own = vars.options.filter(({ from }) => from === undefined);
  const shared = vars.options.filter(({ from }) => from !== undefined);
  const link = (kind: string) => (known.has(`src/tasks/${kind}.ts`) ? `[${kind}](../tasks/${kind}.md)` : kind);
  return page(`docs/roles/${name}.md`, [
    `# Role ${name}`,
    functions.length === 1 ? (functions[0]?.doc ?? '') : list(functions.map((one) => `${code(one.name)}: ${one.doc}`)),
    fence('ts', importsOf(role)),
    `## Variables`,
    "Set them in the inventory, for all hosts or for some. The playbook's schema has them with `..." + vars.name + '.shape`.',
    optionTable(own).replace('| Option ', '| Variable '),
    shared.length === 0 ? '' : 'Shared with other roles:',
    shared.length === 0 ? '' : optionTable(shared).replace('| Option ', '| Variable '),
    '## Made of',
    `Tasks of ${role.kinds.map(link).join(', ')}.`,
    role.templates.length === 0
      ? ''
      : `Templates: ${role.templates.map((file) => `[${file}](../../templates/${file})`).join(', ')}.`,
    footer(path, '../../'),
  ]);
}

function importsOf({ name, functions, vars }: Role): string {
  const names = functions.map((one) => one.name);
  const module = `provision/roles/${name}`;
  if (vars.module === module) return `import { ${[...names, vars.name].join(', ')} } from '${module}';`;
  return `import { ${names.join(', ')} } from '${module}';\nimport { ${vars.name} } from '${vars.module}';`;
}

function index(roles: readonly Role[]): Page {
  return page('docs/roles/README.md', [
    '# Roles',
    'A role is a function that gives a play its tasks, and the schema of the variables that it uses.',
    table(
      ['Role', 'What it makes'],
      roles.map(({ name, functions }) => [`[${name}](${name}.md)`, functions.map(({ doc }) => doc).join(' ')]),
    ),
    'How to write one: [Writing a playbook](../writing-a-playbook.md).',
    '_Made from the docstrings in [playbooks/roles](../../playbooks/roles) by `npm run docs`._',
  ]);
}
