import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { ensureGroupVars } from './groupVars.js';

describe('the variables of the local machines', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'provision-vagrant-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('are made at random, readable for their owner only', async () => {
    const [one, two] = [join(folder, 'a/vagrant.yml'), join(folder, 'b/vagrant.yml')];
    await ensureGroupVars(one);
    await ensureGroupVars(two);
    const [first, second] = await Promise.all([one, two].map(read));
    expect((await stat(one)).mode & 0o777).to.equal(0o600);
    expect(first).to.have.all.keys(
      'mysql_app_password',
      'mysql_replication_password',
      'haproxy_stats_password',
      'ca_certificate',
      'ca_key',
    );
    expect(new Set([...Object.values(first ?? {}), ...Object.values(second ?? {})])).to.have.lengthOf(10);
  });

  it('stay as they are, and only what is missing is added', async () => {
    const file = join(folder, 'vagrant.yml');
    await ensureGroupVars(file);
    const before = await read(file);
    await ensureGroupVars(file);
    expect(await read(file)).to.deep.equal(before);
    const rest = Object.fromEntries(Object.entries(before).filter(([name]) => name !== 'mysql_app_password'));
    await writeFile(file, JSON.stringify({ ...rest, domain: 'www.example.org' }));
    await ensureGroupVars(file);
    const after = await read(file);
    expect(after).to.include({ ...rest, domain: 'www.example.org' });
    expect(after['mysql_app_password']).to.be.a('string').with.length.above(20);
  });
});

async function read(file: string): Promise<Record<string, unknown>> {
  return parse(await readFile(file, 'utf8')) as Record<string, unknown>;
}
