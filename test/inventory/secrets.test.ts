import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { parseExtraVars } from '../../src/inventory/extraVars.js';
import { loadInventory } from '../../src/inventory/load.js';
import { validateHosts } from '../../src/inventory/validate.js';
import { Secret, reveal } from '../../src/util/secret.js';
import { passwordFileSource } from '../../src/vault/passwordFile.js';
import { promptSource } from '../../src/vault/prompt.js';
import { faultTexts, faultsOf, folderWith, removeFolders } from './helpers.js';

const FIXTURES = 'test/fixtures/vault';
const own = passwordFileSource(`${FIXTURES}/password.txt`);
const prod = passwordFileSource(`prod@${FIXTURES}/other.txt`);
const HOSTS = 'all:\n  hosts:\n    web-[01:03]:\n';

/** An inventory whose group_vars/all/ holds a fixture. */
function folderOf(fixture: string, files: Readonly<Record<string, string>> = {}): string {
  const folder = folderWith({ 'hosts.yml': HOSTS, ...files });
  mkdirSync(join(folder, 'group_vars/all'), { recursive: true });
  copyFileSync(`${FIXTURES}/${fixture}`, join(folder, 'group_vars/all', fixture));
  return folder;
}

const textOf = (value: unknown): string => {
  expect(value).to.be.instanceOf(Secret);
  return value instanceof Secret ? reveal(value) : '';
};

async function firstVars(folder: string, vault = [own, prod]): Promise<Record<string, unknown>> {
  const { hosts } = await loadInventory(join(folder, 'hosts.yml'), { vault });
  return { ...hosts[0]?.vars };
}

describe('inventory/secrets', () => {
  after(removeFolders);

  it('opens inline values of several ids, nested ones too', async () => {
    const vars = await firstVars(folderOf('inline.yml'));
    expect(vars['app_domain']).to.equal('www.foobar.com');
    expect(textOf(vars['db_password'])).to.equal('fixture inline value');
    expect(vars).to.have.property('nested');
    expect(textOf(z.object({ token: z.unknown() }).parse(vars['nested']).token)).to.equal('fixture nested välue');
  });

  it('makes the texts of a vaulted file secrets, and leaves numbers and keys', async () => {
    const vars = await firstVars(folderOf('whole.yml'));
    expect(textOf(vars['mysql_root_password'])).to.equal('fixture root value');
    expect(vars['mysql_port']).to.equal(3306);
    expect(JSON.stringify(vars)).to.equal(
      '{"mysql_root_password":"•••","mysql_port":3306,"users":[{"name":"•••","admin":true}]}',
    );
  });

  it('shows no value of a vaulted file in a fault', async () => {
    const folder = folderOf('whole.yml');
    const inventory = await loadInventory(join(folder, 'hosts.yml'), { vault: [own] });
    const schema = z.object({ mysql_root_password: z.string(), mysql_port: z.string(), users: z.array(z.string()) });
    expect(await faultTexts(folder, () => validateHosts(inventory, schema))).to.deep.equal([
      'group_vars/all/whole.yml:1:1 "mysql_root_password": found a secret, expected a text',
      'group_vars/all/whole.yml:2:1 "mysql_port": found a number, expected a text',
      'group_vars/all/whole.yml:4:5 "users[0]": found a map, expected a text',
    ]);
  });

  it('asks for a password once, and only where a value that wins needs it', async () => {
    let asked = 0;
    const source = promptSource(() => {
      asked++;
      return Promise.resolve('fixture-password');
    });
    const folder = folderWith({ 'hosts.yml': HOSTS });
    await loadInventory(join(folder, 'hosts.yml'), { vault: [source] });
    expect(asked).to.equal(0);

    const vaulted = folderOf('inline.yml', {
      'host_vars/web-01.yml': 'db_password: own\nnested: {}\n',
      'host_vars/web-02.yml': 'db_password: own\nnested: {}\n',
    });
    const extraVars = await parseExtraVars(['db_password=own', '{nested: {}}']);
    await loadInventory(join(vaulted, 'hosts.yml'), { vault: [source], extraVars });
    expect(asked).to.equal(0);

    const noToken = await parseExtraVars(['{nested: {}}']);
    await loadInventory(join(vaulted, 'hosts.yml'), { vault: [source], extraVars: noToken });
    expect(asked).to.equal(1);
  });

  it('names each vaulted value that no password opens, once for all hosts', async () => {
    const folder = folderOf('inline.yml');
    expect(await faultTexts(folder, () => loadInventory(join(folder, 'hosts.yml'), { vault: [own] }))).to.deep.equal([
      'group_vars/all/inline.yml:11:17 the vaulted variable "nested.token" does not open with the vault password given',
    ]);
    expect(await faultTexts(folder, () => loadInventory(join(folder, 'hosts.yml')))).to.deep.equal([
      'group_vars/all/inline.yml:3:21 the vaulted variable "db_password" is encrypted, and no vault password was given',
      'group_vars/all/inline.yml:11:17 the vaulted variable "nested.token" is encrypted for the vault id "prod", and no vault password was given',
    ]);
  });

  it('names a vaulted file that no password opens', async () => {
    const folder = folderOf('whole.yml');
    expect(await faultTexts(folder, () => loadInventory(join(folder, 'hosts.yml'), { vault: [prod] }))).to.deep.equal([
      'group_vars/all/whole.yml:1:1 the vaulted file does not open with the vault password given',
    ]);
  });

  it('opens a vaulted file of extra variables', async () => {
    const extraVars = await parseExtraVars([`@${FIXTURES}/labelled.yml`], { vault: [prod] });
    const { hosts } = await loadInventory(join(folderWith({ 'hosts.yml': HOSTS }), 'hosts.yml'), { extraVars });
    expect(textOf(hosts[2]?.vars['mysql_root_password'])).to.equal('fixture root value');
  });

  it('takes secrets from the environment', async () => {
    process.env['PROVISION_TEST_SECRET'] = 'from outside';
    try {
      const vars = await firstVars(folderWith({ 'hosts.yml': HOSTS, 'group_vars/all.yml': 'a: [!env PROVISION_TEST_SECRET]\n' }));
      expect(Array.isArray(vars['a']) && textOf(vars['a'][0])).to.equal('from outside');
    } finally {
      delete process.env['PROVISION_TEST_SECRET'];
    }
  });

  it('takes secrets from a command, run once for all hosts in the folder of its file', async () => {
    const folder = folderWith({ 'hosts.yml': HOSTS, 'group_vars/all.yml': "a: !command 'echo run >>runs; wc -l <runs; pwd'\n" });
    const { hosts } = await loadInventory(join(folder, 'hosts.yml'));
    expect(hosts.map((host) => textOf(host.vars['a']).replace(/^\s*/, ''))).to.deep.equal(
      Array(3).fill(`1\n${join(folder, 'group_vars')}`),
    );
    expect(readFileSync(join(folder, 'group_vars/runs'), 'utf8')).to.equal('run\n');
  });

  it('says which secret cannot be had, and where it is asked for', async () => {
    const folder = folderWith({
      'hosts.yml': HOSTS,
      'group_vars/all.yml': 'a: !env PROVISION_NOT_SET\nb: !env\nc: !command "exit 4"\nd: !command "true"\ne: {f: !command ""}\n',
    });
    writeFileSync(join(folder, 'group_vars/web.yml'), '');
    const errors = await faultsOf(() => loadInventory(join(folder, 'hosts.yml')));
    expect(errors.map((error) => [error.where?.line, error.message])).to.deep.equal([
      [1, '"a" comes from the environment variable PROVISION_NOT_SET, which is not set'],
      [2, '"b": !env has nothing behind it'],
      [3, '"c": the command exit 4 failed: exit 4'],
      [4, '"d": the command true printed nothing'],
      [5, '"e.f": !command has nothing behind it'],
    ]);
  });
});
