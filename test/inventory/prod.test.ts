import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadInventory } from '../../src/inventory/load.js';
import { packageRoot } from '../../src/util/packageRoot.js';
import { Secret } from '../../src/util/secret.js';
import { blocksOf } from '../docs/blocks.js';

const root = packageRoot();
const example = join(root, 'inventory/prod.yml');

/** The environment variables that the example names. */
const NAMES = [...readFileSync(example, 'utf8').matchAll(/!env (\w+)/g)].map(([, name = '']) => name);

describe('inventory/prod.yml', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'prod-'));
    mkdirSync(join(folder, 'group_vars'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    for (const name of NAMES) Reflect.deleteProperty(process.env, name);
  });

  it('loads, with its hosts in their groups and its secrets from the environment', async () => {
    for (const name of NAMES) process.env[name] = `value of ${name}`;
    const { hosts, groups } = await loadInventory(example);
    expect(hosts.map(({ name }) => name)).to.deep.equal(['lb-01', 'web-01', 'web-02']);
    expect(Object.fromEntries(groups)).to.deep.include({ lb: ['lb-01'], web: ['web-01', 'web-02'], db: ['web-01', 'web-02'] });
    for (const { vars } of hosts) expect(vars['mysql_app_password']).to.be.instanceOf(Secret);
  });

  it('says which variable is not set, and where it is named', () => {
    const { stderr, status } = provision({}, '-i', example, '--list-hosts');
    expect(stderr)
      .to.include('MYSQL_APP_PASSWORD, which is not set')
      .and.to.match(/prod\.yml:\d+:\d+/);
    expect(status).to.equal(4);
  });

  it('suits playbooks/site.ts, with the secrets that "provision secrets" makes', () => {
    cpSync(example, join(folder, 'prod.yml'));
    expectSite(folder);
  });

  it('is in the README in ten lines that do too', () => {
    const [block] = blocksOf(root, 'README.md').filter(({ file }) => file === 'inventory/prod.yml');
    expect(block?.text.trim().split('\n')).to.have.lengthOf.at.most(10);
    writeFileSync(join(folder, 'prod.yml'), block?.text ?? '');
    expectSite(folder);
  });
});

function expectSite(folder: string): void {
  const secrets = provision({}, 'secrets', '--out', join(folder, 'group_vars/prod.yml'));
  expect(secrets.status, secrets.stderr).to.equal(0);
  const list = provision({}, '-i', join(folder, 'prod.yml'), '--list-hosts', join(root, 'playbooks/site.ts'));
  expect(list.status, list.stderr).to.equal(0);
  expect(list.stdout).to.include('Load balancer').and.to.include('web-02');
}

function provision(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !NAMES.includes(name)));
  return spawnSync(process.execPath, [join(root, 'dist/cli/main.cjs'), ...args], {
    cwd: root,
    env: { ...clean, ...env },
    encoding: 'utf8',
  });
}
