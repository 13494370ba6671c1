import { format } from 'prettier';
import type { Kind } from './kinds.js';
import { fence, firstSentence, footer, list, optionTable, page, table, type Page } from './markdown.js';
import { membersOf } from './members.js';
import type { Option } from './schema.js';
import { parseSource } from '../../src/docstrings/source.js';
import { code } from './words.js';

/** A page for each kind of task, and their index. */
export async function taskPages(root: string, kinds: readonly Kind[]): Promise<readonly Page[]> {
  return [index(root, kinds), ...(await Promise.all(kinds.map(kindPage)))];
}

async function kindPage(kind: Kind): Promise<Page> {
  const { name, path, doc, options, rules } = kind;
  const secrets = options.flatMap(secretNames);
  const examples = await Promise.all(kind.examples.map(formatExample));
  return page(`docs/tasks/${name}.md`, [
    `# ${name}`,
    doc,
    fence(
      'ts',
      [`import { ${name} } from 'provision/tasks/${fileOf(kind)}';`, ...examples.map((text) => `\n${text}`)].join('\n'),
    ),
    kind.kind === name ? '' : `On the screen and in \`--start-at-task\` its tasks are called ${code(kind.kind)}.`,
    '## Options',
    optionTable(options),
    rules.length === 0 ? '' : 'What its options must be together; it is refused with these words:',
    list(rules),
    secrets.length === 0 ? '' : `${secrets.map(code).join(', ')} may be a \`Secret\`: its value is in no output, argv or log.`,
    'Every task also takes a [name, tags, when and user](README.md#every-task).',
    footer(path, '../../'),
  ]);
}

function secretNames({ name, secret, nested }: Option): readonly string[] {
  const inner = nested.flatMap(secretNames).map((below) => `${name}[].${below}`);
  return inner.length > 0 ? inner : secret ? [name] : [];
}

/** Long examples are wrapped as the project's own code is, a little narrower. */
async function formatExample(text: string): Promise<string> {
  const formatted = await format(text, { parser: 'typescript', singleQuote: true, printWidth: 100, trailingComma: 'all' });
  return formatted.trimEnd();
}

function fileOf({ path }: Kind): string {
  return path.replace(/^.*\//, '').replace(/\.ts$/, '');
}

function index(root: string, kinds: readonly Kind[]): Page {
  const meta = membersOf(parseSource(root, 'src/model/task.ts'), 'TaskMeta');
  return page('docs/tasks/README.md', [
    '# Kinds of task',
    table(
      ['Kind', 'What it keeps so'],
      kinds.map(({ name, doc }) => [`[${name}](${name}.md)`, firstSentence(doc)]),
    ),
    '## Every task',
    'What belongs to a task whatever its kind goes in a second argument:',
    fence('ts', "file({ path: '/etc/motd', content: 'hello\\n' }, { name: 'greeting', tags: ['login'], when: vars.greet });"),
    table(
      ['Key', 'Meaning'],
      meta.map(({ name, doc }) => [code(name), doc]),
    ),
    '`on(host, task)` from `provision/task` is the same task on another host of the inventory.',
    'To write a kind of your own, see [Writing a task](../writing-a-task.md).',
    '_Made from the docstrings in [src/tasks](../../src/tasks) by `npm run docs`._',
  ]);
}
