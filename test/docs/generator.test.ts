import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { docFaults } from '../../docs/generator/faults.js';
import { readKinds } from '../../docs/generator/kinds.js';
import { optionTable } from '../../docs/generator/markdown.js';
import { readRoles } from '../../docs/generator/roles.js';

describe('docs/generator', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'docs '));
    write('package.json', JSON.stringify({ name: 'provision', exports: { './vars': './dist/src/model/vars.js' } }));
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }

  function kindWith(options: string, docs = '/**\n * A thing.\n * @example thing({ a: 1 })\n */'): void {
    write(
      'src/tasks/thing.ts',
      `import { short } from './shared/names.js';
const MOST = 4_000;
const options = z.strictObject({ ${options} }).refine((o) => true, 'expected one of a and b');
${docs}
export const thing = defineTask({ kind: 'thing', options, subject: (o) => '' });
const other = defineTask({ kind: 'not exported', options });`,
    );
    write('src/tasks/shared/names.ts', "export const short = z.string().regex(/^.{1,9}$/, 'expected a short name');");
  }

  it('reads what an option takes, its default and its docstring', () => {
    kindWith(`
      /** How many. Default 4000. */
      count: z.number().int().min(1).max(9).default(MOST),
      /**
       * Whose it is,
       * or nobody's.
       */
      owner: short.optional(),
      /** Which. */
      state: z.enum(['on', 'off']),
      /** Texts. */
      texts: z.array(z.union([z.string(), z.instanceof(Secret)])).min(1).default([]),
      /** Parts. */
      parts: z.array(z.strictObject({
        /** A part's name. */
        name: z.string(),
      })).optional(),
      /** By name. */
      env: z.record(short, z.boolean()).optional(),`);
    const [kind, ...more] = readKinds(root);
    expect(more).to.deep.equal([]);
    expect(kind).to.deep.include({
      name: 'thing',
      doc: 'A thing.',
      examples: ['thing({ a: 1 })'],
      rules: ['expected one of a and b'],
    });
    expect(
      optionTable(kind?.options ?? [])
        .split('\n')
        .slice(2),
    ).to.deep.equal([
      "| `state` | `'on'` or `'off'` | **required** | Which. |",
      '| `count` | whole number, 1 to 9 | `4000` | How many. |',
      "| `owner` | a short name |  | Whose it is, or nobody's. |",
      '| `texts` | list: text, plain or secret, not empty |  | Texts. |',
      '| `parts` | list of objects |  | Parts. |',
      "| `parts[].name` | text | **required** | A part's name. |",
      '| `env` | map: a short name → `true` or `false` |  | By name. |',
    ]);
    expect(kind?.options.find(({ name }) => name === 'texts')?.secret).to.equal(true);
  });

  it('finds what has no docstring, and a default that is not the code’s', () => {
    kindWith("a: z.string(),\n/** Default `y`. */ b: z.string().default('x')", '');
    expect(docFaults(readKinds(root), [], [])).to.deep.equal([
      'src/tasks/thing.ts: the kind thing has no docstring',
      'src/tasks/thing.ts: the docstring of thing has no @example',
      'src/tasks/thing.ts:3: the option a has no docstring',
      'src/tasks/thing.ts:4: the docstring of b says "Default y", the schema \'x\'',
    ]);
  });

  it('refuses a schema that it cannot put into words, with its place', () => {
    kindWith('/** When. */ a: z.date()');
    expect(() => readKinds(root)).to.throw('src/tasks/thing.ts:3: the docs generator does not know z.date');
  });

  it('reads a role with its own variables and those that it shares', () => {
    write('playbooks/roles/site.ts', 'export const siteVars = z.object({ /** The name. */ domain: z.string() });');
    write(
      'playbooks/roles/cache.ts',
      `import { file } from 'provision/tasks/file';
import { secret } from 'provision/vars';
import { siteVars } from './site.js';
/** Of the cache. */
export const cacheVars = z.object({ ...siteVars.shape, /** Its password. */ cache_password: secret() });
/** A cache. */
export function cache(): TaskList { return [template({ src: 'cache.conf.ejs' })]; }
export function helper(): string { return ''; }`,
    );
    const [role, ...more] = readRoles(root);
    expect(more).to.deep.equal([]);
    expect(role).to.deep.include({
      name: 'cache',
      functions: [{ name: 'cache', doc: 'A cache.' }],
      kinds: ['file'],
      templates: ['cache.conf.ejs'],
    });
    expect(role?.vars.options.map(({ name, from, words, required }) => [name, from, words, required])).to.deep.equal([
      ['domain', 'siteVars', 'text', true],
      ['cache_password', undefined, 'secret text', true],
    ]);
  });
});
