import { expect } from 'chai';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { SNAPSHOT_FLAGS } from '../../src/cli/validation/snapshotFlags.js';
import { cli, project } from '../support/cli.js';
import { until } from '../e2e/support/until.js';

const SITE = `
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { playbook } from 'provision/playbook';
import { file } from 'provision/tasks/file';
export default playbook({
  vars: z.object({ text: z.string().default('hello') }),
  groups: ['web'],
  plays: [{ name: 'greet', hosts: 'web', tasks: ({ vars }) => [file({ path: '/etc/motd', content: vars.text })] }],
});
export const own = (): string => readFileSync('/etc/motd', 'utf8');
`;

describe('cli: validate with a prepared compiler', function () {
  this.timeout(180_000);
  let cwd: string;
  let cache: string;
  before(() => {
    cache = mkdtempSync(join(tmpdir(), 'prepared-cache-'));
    cwd = project({ 'playbooks/site.ts': SITE, 'inventory/a.yml': 'all: { children: { web: { hosts: { web-01: } } } }\n' });
  });
  after(() => {
    rmSync(cache, { recursive: true });
    rmSync(cwd, { recursive: true });
  });
  const kept = (ending: string): string | undefined => {
    const folder = join(cache, 'provision');
    const name = readdirSync(folder).find((one) => one.startsWith('compiler-') && one.endsWith(ending));
    return name === undefined ? undefined : join(folder, name);
  };
  const validate = (CI: string) => cli(['validate'], { cwd, env: { XDG_CACHE_HOME: cache, CI } });
  const change = (from: string, to: string): void => {
    writeFileSync(join(cwd, 'playbooks/site.ts'), SITE.replace(from, to));
  };

  it('prepares none in a CI, and one for the next time elsewhere, and leaves nothing else behind', async () => {
    expect((await validate('true')).code).to.equal(0);
    expect([kept('.cjs'), kept('.snapshot')]).to.deep.equal([undefined, undefined]);
    change('hello', 'hullo');
    expect((await validate('')).code).to.equal(0);
    const snapshot = await until(() => Promise.resolve(kept('.snapshot')), 120);
    expect(snapshot).to.match(/compiler-[0-9a-f]{24}\.snapshot$/);
    await until(() => Promise.resolve(kept('.cjs') === undefined), 20);
  });

  it('asks it: the answer is the same as without', async () => {
    change("'utf8'", "'utf9'");
    const { code, stderr } = await validate('');
    expect(code).to.equal(4);
    expect(stderr).to.include('did you mean "utf8"').and.to.include('at playbooks/site.ts:11:');
    const { status, stdout } = spawnSync(process.execPath, [...SNAPSHOT_FLAGS, '--snapshot-blob', kept('.snapshot') ?? ''], {
      input: JSON.stringify({
        playbooks: [],
        modules: [join(cwd, 'playbooks/site.ts')],
        templates: [],
        cacheFolder: cache,
        version: 'test',
      }),
      encoding: 'utf8',
    });
    const answer = JSON.parse(stdout) as { readonly faults: readonly { readonly message: string }[] };
    expect(status).to.equal(0);
    expect(answer.faults.map(({ message }) => message)).to.have.length(1);
    expect(answer.faults[0]?.message).to.include('did you mean "utf8"');
  });

  it('does without it where it does not run', async () => {
    writeFileSync(kept('.snapshot') ?? '', 'no snapshot');
    change('vars.text', 'vars.txet');
    const { code, stderr } = await validate('true');
    expect(code).to.equal(4);
    expect(stderr).to.include('"vars" has no "txet" — did you mean "text"?');
    expect(kept('.snapshot')).to.equal(undefined);
  });
});
