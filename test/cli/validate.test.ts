import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cli, project } from '../support/cli.js';

const SITE = `
import { z } from 'zod';
import { playbook } from 'provision/playbook';
import { file } from 'provision/tasks/file';
import { secret } from 'provision/vars';
export default playbook({
  vars: z.object({ text: z.string().default('hello'), password: secret() }),
  groups: ['web'],
  plays: [{ name: 'greet', hosts: 'web', tasks: ({ vars }) => [file({ path: '/etc/motd', content: vars.text })] }],
});
`;

describe('cli: validate', function () {
  this.timeout(120_000);
  let cwd: string;
  let cache: string;
  before(() => (cache = mkdtempSync(join(tmpdir(), 'validate-cache-'))));
  after(() => {
    rmSync(cache, { recursive: true });
  });
  beforeEach(() => {
    cwd = project({
      'playbooks/site.ts': SITE,
      'inventory/a.yml': 'all: { children: { web: { hosts: { web-01: { password: !env NOT_SET } } } } }\n',
      'inventory/b.yml': "all: { children: { web: { hosts: { web-02: { password: !command 'touch ran' }, web-03: } } } }\n",
    });
  });
  afterEach(() => {
    rmSync(cwd, { recursive: true });
  });
  const validate = (...args: readonly string[]) => cli(['validate', ...args], { cwd, env: { XDG_CACHE_HOME: cache } });

  it('says what it checked, and what stands in for secrets, which it neither runs nor needs', async () => {
    const { code, stdout, stderr } = await validate();
    expect([code, stderr]).to.deep.equal([0, '']);
    expect(stdout).to.match(/^checked 1 playbook, 0 roles, 0 templates, 2 inventories, 3 hosts in \d+\.\d s$/m);
    expect(stdout).to.include('note: inventory/a.yml: stand-ins for password (--with-secrets takes the real ones)');
    expect(() => readFileSync(join(cwd, 'inventory/ran'))).to.throw('ENOENT');
  });

  it('takes the real secrets where it is told to', async () => {
    const { code, stderr } = await validate('--with-secrets', '-i', 'a.yml');
    expect(code).to.equal(4);
    expect(stderr).to.include('NOT_SET, which is not set').and.to.include('inventory/a.yml:1:');
  });

  it('tells all faults of types, inventories and files at once, each once', async () => {
    writeFileSync(join(cwd, 'playbooks/site.ts'), SITE.replace('path:', 'paht:'));
    writeFileSync(join(cwd, 'inventory/b.yml'), 'all: { children: { web: { hosts: { web-02: { txt: x } } } } }\n');
    const { code, stderr, stdout } = await validate();
    expect(code).to.equal(4);
    expect(stdout).to.include('checked 1 playbook');
    expect(stderr)
      .to.include('there is no "paht" here — did you mean "path"?')
      .and.to.include('at playbooks/site.ts:9:')
      .and.to.include('no variable "txt" — did you mean "text"?')
      .and.to.include('2 errors in all');
  });

  it('writes JSON for editors and a CI', async () => {
    writeFileSync(join(cwd, 'playbooks/site.ts'), SITE.replace('vars.text', 'vars.txet'));
    const { code, stdout, stderr } = await validate('--output', 'json', '-i', 'a.yml');
    expect([code, stderr]).to.deep.equal([4, '']);
    const { ok, checked, faults } = JSON.parse(stdout) as { ok: boolean; checked: unknown; faults: readonly object[] };
    expect({ ok, checked }).to.deep.equal({
      ok: false,
      checked: { playbooks: 1, roles: 0, templates: 0, inventories: 1, hosts: 1 },
    });
    expect(faults).to.deep.equal([
      { message: '"vars" has no "txet" — did you mean "text"?', file: join(cwd, 'playbooks/site.ts'), line: 9, column: 104 },
    ]);
  });

  it('checks a playbook with no inventory, too', async () => {
    rmSync(join(cwd, 'inventory'), { recursive: true });
    const { code, stdout } = await validate();
    expect(code).to.equal(0);
    expect(stdout).to.match(/0 inventories, 0 hosts/);
  });
});
