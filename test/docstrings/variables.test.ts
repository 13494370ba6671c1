import { expect } from 'chai';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { variableDocs } from '../../src/docstrings/variables.js';
import { loadPlaybook } from '../../src/cli/playbook/load.js';
import { packageRoot } from '../../src/util/packageRoot.js';
import { project } from '../support/cli.js';

describe('docstrings/variables', () => {
  const folders: string[] = [];
  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });
  const docsOf = (files: Readonly<Record<string, string>>) => {
    const folder = project(files);
    folders.push(folder);
    return Object.fromEntries(variableDocs(join(folder, 'play.ts')));
  };

  it('has one for every variable of the shipped playbook', async () => {
    const file = join(packageRoot(), 'playbooks/site.ts');
    const { vars } = await loadPlaybook(file);
    expect(vars).to.be.instanceOf(z.ZodObject);
    const names = vars instanceof z.ZodObject ? Object.keys(vars.shape) : [];
    expect(names).to.have.lengthOf.greaterThan(20);
    const docs = variableDocs(file);
    expect(names.filter((name) => !docs.has(name))).to.deep.equal([]);
  });

  it('follows spreads, constants, other files, the package’s own roles, and schemas in schemas', () => {
    const docs = docsOf({
      'play.ts': `
        import { playbook } from 'provision/playbook';
        import { siteVars } from 'provision/roles/site';
        import { mine as theirs } from './roles/mine.js';
        const user = z.strictObject({
          /** Its name. */ name: z.string() });
        const more = {
          /** How many. */ count: z.number() };
        const vars = z.object({ ...siteVars.shape, ...theirs.shape, ...more,
          /** Accounts. */ users: z.array(user).default([]),
          /** By site. */ sites: z.record(z.string(), z.object({
            /** A port. */ port: z.number() })),
          undocumented: z.string(),
        }).extend({
          /** Late. */ late: z.string() });
        export default playbook({ vars, groups: [], plays: [] });`,
      'roles/mine.ts': 'export const mine = z.object({\n/** From there. */ there: secret().optional() });',
    });
    expect(docs).to.deep.include({
      domain: "The site's name on the web.",
      there: 'From there.',
      count: 'How many.',
      users: 'Accounts.',
      'users[].name': 'Its name.',
      sites: 'By site.',
      'sites{}.port': 'A port.',
      late: 'Late.',
    });
    expect(docs).not.to.have.property('undocumented');
  });

  it('ends with a schema that holds itself, and has none for what it cannot follow', () => {
    expect(
      docsOf({
        'play.ts': `const tree = z.object({
            /** A. */ a: z.string(), below: z.array(tree) });
          export default playbook({ vars: tree, plays: [] });`,
      }),
    ).to.deep.equal({ a: 'A.' });
    expect(docsOf({ 'play.ts': 'export default playbook({ vars: make(), plays: [] });' })).to.deep.equal({});
    expect(docsOf({ 'play.ts': 'export default 3;' })).to.deep.equal({});
  });
});
