import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { loadInventory } from '../../src/inventory/load.js';
import { validateHosts } from '../../src/inventory/validate.js';
import { secret } from '../../src/model/vars.js';
import { Secret } from '../../src/util/secret.js';
import { faultTexts, faultsOf, folderWith, removeFolders } from './helpers.js';

const HOSTS = 'all:\n  children:\n    web: {hosts: {web-01: , web-02: }}\n    lb: {hosts: {lb-01: {ansible_host: 10.0.0.1}}}\n';

const schema = z.object({
  domain: z.string().default('www.foobar.com'),
  haproxy_mode: z.enum(['active-active', 'active-passive']).default('active-active'),
  workers: z.number().int().min(1).optional(),
  debug: z.boolean().optional(),
  db_password: secret().optional(),
  users: z.array(z.object({ name: z.string(), shell: z.string().optional() })).default([]),
  limits: z.record(z.string(), z.object({ soft: z.number() })).optional(),
  listen: z.union([z.number(), z.object({ address: z.string(), port: z.number() })]).optional(),
});

async function setUp(files: Readonly<Record<string, string>>) {
  const folder = folderWith({ 'hosts.yml': HOSTS, ...files });
  return { folder, inventory: await loadInventory(join(folder, 'hosts.yml')) };
}

async function faults(files: Readonly<Record<string, string>>, against: z.ZodType = schema): Promise<readonly string[]> {
  const { folder, inventory } = await setUp(files);
  return faultTexts(folder, () => validateHosts(inventory, against));
}

describe('inventory/validate', () => {
  after(removeFolders);

  it('gives hosts with their variables as the schema makes them', async () => {
    const { inventory } = await setUp({ 'group_vars/web.yml': 'workers: 4\nusers: [{name: ada}]\n' });
    const hosts = validateHosts(inventory, schema);
    expect(hosts.map((host) => [host.name, host.address])).to.deep.equal([
      ['web-01', 'web-01'],
      ['web-02', 'web-02'],
      ['lb-01', '10.0.0.1'],
    ]);
    expect(hosts[0]?.vars.workers).to.equal(4);
    expect(hosts[0]?.groups).to.deep.equal(['all', 'web']);
    expect(hosts[2]?.vars).to.deep.equal({ domain: 'www.foobar.com', haproxy_mode: 'active-active', users: [] });
  });

  it('says what was found, what is allowed and what was meant', async () => {
    expect(await faults({ 'group_vars/all.yml': '# modes\nhaproxy_mode: active-pasive\n' })).to.deep.equal([
      'group_vars/all.yml:2:1 "haproxy_mode": found "active-pasive", expected one of active-active, active-passive — did you mean "active-passive"?',
    ]);
  });

  it('refuses unknown variables at any depth, each with the near name', async () => {
    expect(
      await faults({
        'group_vars/all.yml':
          'domian: x.com\nusers:\n  - name: ada\n    shel: /bin/sh\nlimits:\n  nofile: {soft: 5, hrad: 6}\nlisten: {address: "::", port: 80, prot: tcp}\nsomething_else: 1\n',
      }),
    ).to.deep.equal([
      'group_vars/all.yml:1:1 the playbook has no variable "domian" — did you mean "domain"?',
      'group_vars/all.yml:4:5 "users[0]" has no "shel" — did you mean "shell"?',
      'group_vars/all.yml:6:21 "limits.nofile" has no "hrad"',
      'group_vars/all.yml:7:35 "listen" has no "prot" — did you mean "port"?',
      'group_vars/all.yml:8:1 the playbook has no variable "something_else"',
    ]);
  });

  it('tells the same of a strict schema, once', async () => {
    expect(await faults({ 'group_vars/all.yml': 'domian: x.com\n' }, schema.strict())).to.deep.equal([
      'group_vars/all.yml:1:1 the playbook has no variable "domian" — did you mean "domain"?',
    ]);
  });

  it('lets unknown variables pass where the schema is loose or has a catch-all', async () => {
    const { inventory } = await setUp({ 'group_vars/all.yml': 'other: 1\n' });
    expect(validateHosts(inventory, schema.loose())[0]?.vars).to.include({ other: 1 });
    expect(validateHosts(inventory, schema.catchall(z.number()))[0]?.vars).to.include({ other: 1 });
    expect(validateHosts(inventory, z.unknown())[0]?.vars).to.deep.equal({ other: 1 });
  });

  it('knows the keys of both sides of an intersection, and of a refined schema', async () => {
    const both = z.intersection(z.object({ a: z.number() }), z.object({ b: z.number() })).refine(() => true);
    expect(await faults({ 'group_vars/all.yml': 'a: 1\nb: 2\nc: 3\n' }, both)).to.deep.equal([
      'group_vars/all.yml:3:1 the playbook has no variable "c" — did you mean "a" or "b"?',
    ]);
  });

  const VALUES: Readonly<Record<string, readonly [string, string | undefined]>> = {
    'domain: 5': ['"domain": found 5, expected a text', 'put it in quotes: without them it is not a text'],
    'domain: yes': ['"domain": found true, expected a text', 'put it in quotes: without them it is not a text'],
    'domain:': ['"domain": found nothing, expected a text', undefined],
    'domain: [a]': ['"domain": found a list of 1, expected a text', undefined],
    'workers: "4"': ['"workers": found "4", expected a number', 'write it without quotes'],
    'workers: 0': ['"workers": found 0, too small: expected number to be >=1', undefined],
    'workers: 1.5': ['"workers": found 1.5, expected a whole number', undefined],
    'debug: "true"': ['"debug": found "true", expected true or false', 'write it without quotes'],
    'listen: here': ['"listen": found "here", expected a number, or a map', undefined],
    'db_password: 12345678': [
      '"db_password": found a number, expected a secret text (vaulted, or plain)',
      'put it in quotes: without them it is not a text',
    ],
  };
  for (const [text, [message, hint]] of Object.entries(VALUES)) {
    it(`explains ${text}`, async () => {
      const { folder, inventory } = await setUp({ 'group_vars/all.yml': `${text}\n` });
      const errors = await faultsOf(() => validateHosts(inventory, schema));
      expect(errors.map((error) => [error.message, error.hint])).to.deep.equal([[message, hint]]);
      expect(errors[0]?.where).to.deep.equal({ file: join(folder, 'group_vars/all.yml'), line: 1, column: 1 });
    });
  }

  it('points into the form of a union that is meant', async () => {
    expect(await faults({ 'group_vars/all.yml': 'listen:\n  address: 5\n  port: 80\n' })).to.deep.equal([
      'group_vars/all.yml:2:3 "listen.address": found 5, expected a text',
    ]);
    const probe = z.object({
      probe: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('tcp') }),
        z.object({ kind: z.literal('http'), path: z.string() }),
      ]),
    });
    expect(await faults({ 'group_vars/all.yml': 'probe: {kind: htp, path: /}\n' }, probe)).to.deep.equal([
      'group_vars/all.yml:1:9 "probe.kind": found "htp", expected one of tcp, http — did you mean "http"?',
    ]);
    expect(await faults({ 'group_vars/all.yml': 'probe: {kind: http, pth: /}\n' }, probe)).to.deep.equal([
      'group_vars/all.yml:1:1 "probe.path" is missing, expected a text',
      'group_vars/all.yml:1:21 "probe" has no "pth" — did you mean "path"?',
    ]);
  });

  it('points into nested values', async () => {
    expect(await faults({ 'group_vars/all.yml': 'users:\n  - name: ada\n  - name: 5\n  - shell: /bin/sh\n' })).to.deep.equal([
      'group_vars/all.yml:3:5 "users[1].name": found 5, expected a text',
      'group_vars/all.yml:4:5 "users[2].name" is missing, expected a text',
    ]);
  });

  it('names the host where the place alone does not say which is meant', async () => {
    const perHost = z
      .object({ size: z.number(), most: z.number().default(10) })
      .refine((vars) => vars.size <= vars.most, { path: ['size'], error: 'it is more than "most"' });
    expect(await faults({ 'group_vars/all.yml': 'size: 8\n', 'host_vars/web-02.yml': 'most: 5\n' }, perHost)).to.deep.equal([
      'group_vars/all.yml:1:1 web-02: "size": found 8, it is more than "most"',
    ]);
  });

  it('names the hosts of a fault that is about no single variable', async () => {
    const never = z.object({}).refine(() => false, { error: 'these do not go together' });
    expect(await faults({}, never)).to.deep.equal(['hosts.yml web-01, web-02 and lb-01: these do not go together']);
  });

  describe('of missing variables', () => {
    const needs = z.object({ domain: z.string().describe("the site's name"), password: secret().optional() });
    const missing = async (files: Readonly<Record<string, string>>, against: z.ZodType = needs) => {
      const { folder, inventory } = await setUp(files);
      return (await faultsOf(() => validateHosts(inventory, against))).map((error) => [
        error.message,
        error.hint?.replaceAll(`${folder}/`, ''),
      ]);
    };

    it('says so once for all hosts, with the file for it', async () => {
      expect(await missing({})).to.deep.equal([
        ['the variable "domain" (a text: the site\'s name) is missing for every host', 'set it in group_vars/all.yml'],
      ]);
    });

    it('names the group that lacks it', async () => {
      expect(await missing({ 'group_vars/lb.yml': 'domain: x', 'group_vars/web.yaml': '' })).to.deep.equal([
        ['the variable "domain" (a text: the site\'s name) is missing for web-01 and web-02', 'set it in group_vars/web.yaml'],
      ]);
    });

    it('names the host that lacks it', async () => {
      expect(
        await missing({ 'host_vars/web-01.yml': 'domain: x', 'host_vars/lb-01.yml': 'domain: x', 'host_vars/web-02/a.yml': '' }),
      ).to.deep.equal([
        ['the variable "domain" (a text: the site\'s name) is missing for web-02', 'set it in host_vars/web-02/'],
      ]);
    });

    it('tells how a secret is written', async () => {
      expect(await missing({}, z.object({ password: secret() }))).to.deep.equal([
        [
          'the variable "password" (a secret text) is missing for every host',
          'set it in group_vars/all.yml, vaulted (ansible-vault encrypt_string) or as !env NAME',
        ],
      ]);
    });
  });

  it('never shows a value that is or ought to be a secret', async () => {
    const long = z.object({ db_password: secret().refine(() => false, { error: 'it is too short' }), token: z.string() });
    const { inventory } = await setUp({ 'group_vars/all.yml': 'db_password: plain hunter2\ntoken: !env HOME\n' });
    const errors = await faultsOf(() => validateHosts(inventory, long));
    expect(errors.map((error) => error.message)).to.deep.equal([
      '"db_password": found a text, it is too short',
      '"token": found a secret, expected a text',
    ]);
    expect(errors[1]?.hint).to.include('not declared as a secret');
  });

  it('makes a plain text a secret where the schema says so', async () => {
    const { inventory } = await setUp({ 'group_vars/all.yml': 'db_password: plain words\n' });
    expect(validateHosts(inventory, schema)[0]?.vars.db_password).to.be.instanceOf(Secret);
  });
});
