import { expect } from 'chai';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorPage } from '../../docs/generator/errors.js';
import { docFaults } from '../../docs/generator/faults.js';
import { readKinds } from '../../docs/generator/kinds.js';
import type { Page } from '../../docs/generator/markdown.js';
import { membersOf } from '../../docs/generator/members.js';
import { GENERATED_FOLDERS, generatePages } from '../../docs/generator/pages.js';
import { readRoles } from '../../docs/generator/roles.js';
import { parseSource } from '../../src/docstrings/source.js';
import { packageRoot } from '../../src/util/packageRoot.js';

const root = packageRoot();

describe('docs made from the sources', () => {
  let pages: readonly Page[];
  before(async () => {
    pages = await generatePages(root);
  });

  it('are what "npm run docs" makes of them', () => {
    const stale = pages.filter(
      ({ path, text }) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text,
    );
    const made = new Set(pages.map(({ path }) => path));
    const gone = GENERATED_FOLDERS.flatMap((folder) => readdirSync(join(root, folder)).map((file) => `${folder}/${file}`)).filter(
      (path) => !made.has(path),
    );
    expect([...stale.map(({ path }) => path), ...gone], 'these are not up to date; "npm run docs" renews them').to.deep.equal([]);
  });

  it('have the error messages that the program prints', async function () {
    this.timeout(600_000);
    const { path, text } = await errorPage(root);
    expect(readFileSync(join(root, path), 'utf8'), '"npm run docs" renews it').to.equal(text);
  });

  it('are the same each time', async () => {
    expect(await generatePages(root)).to.deep.equal(pages);
  });

  it('have a docstring for every kind, option, role and variable, and no wrong default in one', () => {
    const kinds = readKinds(root);
    const roles = readRoles(root);
    expect(kinds.map(({ name }) => name)).to.include.members(['file', 'packages', 'service']);
    expect(roles.map(({ name }) => name)).to.include.members(['base', 'mysql']);
    expect(docFaults(kinds, roles, membersOf(parseSource(root, 'src/model/task.ts'), 'TaskMeta'))).to.deep.equal([]);
  });
});
