import { Ajv } from 'ajv';
import { expect } from 'chai';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cli, project } from '../support/cli.js';

const PLAYBOOK = `import { z } from 'zod';
import { playbook } from 'provision/playbook';
export default playbook({
  vars: z.object({
    /** The first word. */
    greeting: z.enum(['hello', 'salut']).default('hello'),
  }),
  groups: ['web'],
  plays: [],
});
`;

describe('cli: provision schema', function () {
  this.timeout(60_000);
  let cwd: string;
  before(() => {
    cwd = project({ 'playbooks/site.ts': PLAYBOOK, 'playbooks/other.ts': PLAYBOOK.replace('salut', 'ciao') });
  });
  after(() => {
    rmSync(cwd, { recursive: true });
  });
  const written = (path: string) =>
    JSON.parse(readFileSync(join(cwd, path), 'utf8')) as { readonly properties: Record<string, unknown> };

  it('writes two files that editors can use, and names them', async () => {
    const { code, stdout, stderr } = await cli(['schema'], { cwd });
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(stdout).to.equal(
      'schema/inventory.schema.json  for inventory files\nschema/vars.schema.json  for group_vars and host_vars\n',
    );
    expect(written('schema/vars.schema.json').properties['greeting']).to.deep.equal({
      type: 'string',
      enum: ['hello', 'salut'],
      default: 'hello',
      description: 'The first word. Default: hello.',
    });
    const validate = new Ajv({ allowUnionTypes: true }).compile(written('schema/inventory.schema.json'));
    expect(validate({ web: { hosts: { 'web-01': { greeting: 'salut' } } } })).to.equal(true);
    expect(validate({ web: { hosts: { 'web-01': { greting: 'salut' } } } })).to.equal(false);
  });

  it('takes another playbook and another folder', async () => {
    expect((await cli(['schema', 'other', '-o', 'deep/down'], { cwd })).code).to.equal(0);
    expect(JSON.stringify(written('deep/down/vars.schema.json'))).to.include('ciao');
  });

  it('says so where it cannot write', async () => {
    writeFileSync(join(cwd, 'file'), '');
    const { code, stderr } = await cli(['schema', '--out', 'file/in'], { cwd });
    expect(stderr).to.match(/^error: file\/in\/inventory.schema.json cannot be written: /);
    expect(code).to.equal(4);
  });
});
