import { expect } from 'chai';
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPlaybook } from '../../../src/cli/playbook/load.js';
import { InputError } from '../../../src/model/errors.js';
import { Secret } from '../../../src/util/secret.js';
import { project } from '../../support/cli.js';

const BARE = `export default playbook({ vars: z.object({}), groups: [], plays: [] });\n`;
const HEAD = `import { z } from 'zod';\nimport { playbook } from 'provision/playbook';\n`;

describe('loading a playbook', () => {
  let folder: string;
  let cacheBefore: string | undefined;

  beforeEach(() => {
    cacheBefore = process.env['XDG_CACHE_HOME'];
  });

  afterEach(() => {
    if (cacheBefore === undefined) delete process.env['XDG_CACHE_HOME'];
    else process.env['XDG_CACHE_HOME'] = cacheBefore;
    rmSync(folder, { recursive: true, force: true });
  });

  /** The path of site.ts in a project with these files, and a cache of its own. */
  function site(files: Readonly<Record<string, string>>): string {
    folder = project(files);
    process.env['XDG_CACHE_HOME'] = join(folder, 'cache');
    return join(folder, 'site.ts');
  }

  async function nameOf(file: string): Promise<string | undefined> {
    return (await loadPlaybook(file)).plays[0]?.name;
  }

  async function faultOf(file: string): Promise<InputError> {
    try {
      await loadPlaybook(file);
    } catch (error) {
      if (error instanceof InputError) return error;
      throw error;
    }
    throw new Error('the playbook loads');
  }

  function named(expression: string, head = ''): string {
    return `${head}${HEAD}export default playbook({ vars: z.object({}), groups: [], plays: [{ name: ${expression}, hosts: 'all', tasks: [] }] });\n`;
  }

  it('needs no node_modules beside it, and shares the modules of this process', async () => {
    const file = site({
      'site.ts': named(
        `new Secret('hidden') instanceof Here ? 'shared' : 'apart'`,
        `import { Secret } from 'provision/secret';\nconst Here = (globalThis as { SecretHere?: typeof Secret }).SecretHere ?? Object;\n`,
      ),
    });
    Object.assign(globalThis, { SecretHere: Secret });
    try {
      expect(await nameOf(file)).to.equal('shared');
    } finally {
      Reflect.deleteProperty(globalThis, 'SecretHere');
    }
  });

  it('reads a file again when it has changed, be it one that the playbook imports', async () => {
    const file = site({
      'site.ts': named('title', `import { title } from './roles/title.js';\n`),
      'roles/title.ts': `export const title: string = 'before';\n`,
    });
    expect(await nameOf(file)).to.equal('before');
    writeFileSync(join(folder, 'roles/title.ts'), `export const title: string = 'after';\n`);
    expect(await nameOf(file)).to.equal('after');
    const kept = readdirSync(join(folder, 'cache/provision/playbooks'));
    expect(
      kept.filter((name) => name.endsWith('.cjs')),
      'what was compiled before is gone',
    ).to.have.length(1);
  });

  it('compiles nothing when nothing has changed', async () => {
    const file = site({ 'site.ts': named(`'kept'`) });
    await loadPlaybook(file);
    const cache = join(folder, 'cache/provision/playbooks');
    const written = () => readdirSync(cache).map((name) => [name, statSync(join(cache, name)).ino]);
    const before = written();
    await loadPlaybook(file);
    expect(written()).to.have.deep.members(before);
  });

  it('loads where no cache can be written', async () => {
    const file = site({ 'site.ts': named(`'uncached'`), cache: 'a file where the folder should be' });
    expect(await nameOf(file)).to.equal('uncached');
  });

  it('gives each module its own import.meta', async () => {
    const file = site({
      'site.ts': named('[import.meta.filename, where].join()', `import { where } from './roles/where.js';\n`),
      'roles/where.ts': `export const where = new URL('.', import.meta.url).pathname;\n`,
    });
    expect(await nameOf(file)).to.equal(`${file},${join(folder, 'roles')}/`);
  });

  it('finds packages where the importing file is', async () => {
    const file = site({
      'site.ts': named('title', `import { title } from 'titles';\n`),
      'node_modules/titles/package.json': '{ "name": "titles", "type": "module", "exports": { "import": "./main.js" } }',
      'node_modules/titles/main.js': `export const title = 'of a package';\n`,
    });
    expect(await nameOf(file)).to.equal('of a package');
  });

  it('says where a playbook throws, in its own lines', async () => {
    const file = site({
      'site.ts': `import './roles/bad.js';\n${HEAD}${BARE}`,
      'roles/bad.ts': `interface Shape {\n  readonly size: number;\n}\n\n\nexport const size = (JSON.parse('null') as Shape).size;\n`,
    });
    const fault = await faultOf(file);
    expect(fault.message).to.match(/^the playbook does not load: Cannot read properties of null/);
    expect(fault.where).to.deep.equal({ file: join(folder, 'roles/bad.ts'), line: 6 });
  });

  it('says where a module is not found, and what it may be called', async () => {
    const missing = await faultOf(site({ 'site.ts': `import './roles/none.js';\n${HEAD}${BARE}` }));
    expect(missing.message).to.equal('the playbook does not load: Could not resolve "./roles/none.js"');
    expect(missing.where).to.deep.equal({ file: join(folder, 'site.ts'), line: 1, column: 8 });
    rmSync(folder, { recursive: true });
    const misspelt = await faultOf(
      site({ 'site.ts': `import { file } from 'provision/tasks/fiel';\n${HEAD}${BARE}console.log(file);` }),
    );
    expect(misspelt.message).to.equal(
      'the playbook does not load: there is no module "provision/tasks/fiel" — did you mean "provision/tasks/file"?',
    );
  });

  it('refuses what waits at its top level, and says what to do', async () => {
    const fault = await faultOf(site({ 'site.ts': `${HEAD}await Promise.resolve();\n${BARE}` }));
    expect(fault.message).to.equal('the playbook does not load: it waits (await) outside of a function');
    expect(fault.where).to.deep.equal({ file: join(folder, 'site.ts'), line: 3, column: 1 });
    expect(fault.hint).to.match(/synchronous/);
  });
});
