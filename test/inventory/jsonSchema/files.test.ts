import { Ajv } from 'ajv';
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, type ScalarTag } from 'yaml';
import { z } from 'zod';
import { variableDocs } from '../../../src/docstrings/variables.js';
import { loadPlaybook } from '../../../src/cli/playbook/load.js';
import { connectionsOf } from '../../../src/inventory/connection.js';
import { inventorySchema, varsSchema, type SchemaSource } from '../../../src/inventory/jsonSchema/files.js';
import { loadInventory } from '../../../src/inventory/load.js';
import { validateHosts } from '../../../src/inventory/validate.js';
import { InputErrors } from '../../../src/model/errors.js';
import { openText, secret } from '../../../src/model/vars.js';
import { packageRoot } from '../../../src/util/packageRoot.js';
import { blocksOf } from '../../docs/blocks.js';
import { folderWith, removeFolders } from '../helpers.js';

const root = packageRoot();

/** The tags as an editor is told of them: a text stands behind each. */
const customTags = ['!vault', '!env', '!command', '!unsafe'].map((tag): ScalarTag => ({ tag, resolve: (text) => text }));

/** Reads a file as the YAML language server does with `yaml.yamlVersion` 1.1. */
function asEditor(text: string): unknown {
  return parse(text, { version: '1.1', customTags }) as unknown;
}

/** A schema's verdict on a file: what is wrong with it. */
function judge(schema: object): (text: string) => readonly string[] {
  const validate = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true }).compile(schema);
  return (text) =>
    validate(asEditor(text))
      ? []
      : (validate.errors ?? []).map(
          ({ instancePath, message, params }) => `${instancePath} ${message ?? ''} ${JSON.stringify(params)}`,
        );
}

describe('inventory/jsonSchema', () => {
  after(removeFolders);

  describe('of playbooks/site.ts', () => {
    let inventory: (text: string) => readonly string[];
    let vars: (text: string) => readonly string[];
    let made: string;
    before(async () => {
      const file = join(root, 'playbooks/site.ts');
      const playbook = await loadPlaybook(file);
      const source: SchemaSource = { ...playbook, docs: variableDocs(file) };
      inventory = judge(inventorySchema(source));
      vars = judge(varsSchema(source));
      made = JSON.stringify(varsSchema(source));
    });

    for (const name of ['prod.yml', 'vagrant.yml']) {
      it(`takes inventory/${name}`, () => {
        expect(inventory(readFileSync(join(root, 'inventory', name), 'utf8'))).to.deep.equal([]);
      });
    }

    it('takes the inventories of the docs', () => {
      const blocks = ['README.md', 'docs/inventory.md'].flatMap((page) =>
        blocksOf(root, page).filter(({ language, text }) => language === 'yaml' && /^all:/m.test(text)),
      );
      expect(blocks).to.have.lengthOf.at.least(2);
      for (const { text } of blocks) expect(inventory(text), text).to.deep.equal([]);
    });

    it('refuses a misspelt variable wherever it stands, and a misspelt section', () => {
      const prod = readFileSync(join(root, 'inventory/prod.yml'), 'utf8');
      const mutants = [
        ['haproxy_weight: 100', 'haproxy_wieght: 100'],
        ['ansible_host: 192.0.2.10', 'ansible_hots: 192.0.2.10'],
        ['domain: www', 'domian: www'],
        ['children:', 'childern:'],
        ['hosts:', 'host:'],
      ] as const;
      for (const [right, wrong] of mutants) {
        expect(prod).to.include(right);
        expect(inventory(prod.replace(right, wrong)).join('\n'), wrong).to.include(wrong.split(':')[0]);
      }
    });

    it('refuses wrong values in a file of variables, and takes a vaulted file', () => {
      expect(vars('haproxy_mode: active-active\nmysql_app_password: !vault |\n  $ANSIBLE_VAULT;1.1\n  3132\n')).to.deep.equal([]);
      expect(vars('')).to.deep.equal([]);
      expect(vars('$ANSIBLE_VAULT;1.1;AES256\n3132\n')).to.deep.equal([]);
      expect(vars('just a text')).not.to.deep.equal([]);
      expect(vars('haproxy_mode: active-pasive')).to.have.lengthOf(1);
      expect(vars('haproxy_weight: 257')).to.have.lengthOf(1);
      expect(vars("haproxy_weight: '100'")).to.have.lengthOf(1);
      expect(vars('ansible_become: false')).to.have.lengthOf(1);
      expect(vars('ansible_become_method: su')).to.have.lengthOf(1);
    });

    it('says what each variable is, and its default', () => {
      const { properties } = JSON.parse(made) as { properties: Record<string, { description?: string; default?: unknown }> };
      expect(Object.entries(properties).filter(([, { description }]) => description === undefined)).to.deep.equal([]);
      expect(properties['haproxy_port']).to.deep.include({
        description: 'The port for plain text. With HTTPS it only sends clients there. Default: 80.',
        default: 80,
      });
      expect(properties['ca_key']?.description).to.match(/^Its private key, in PEM\.\n\nA secret: .*!env/);
      expect(properties['ansible_user']?.description).to.include('account to log in as');
      expect(made).not.to.include('provisionSecret').and.not.to.include('provisionOpenText');
    });
  });

  describe('refuses what the loader refuses, and takes what it takes', () => {
    const closed = z.object({
      port: z.number().int().min(1).default(80),
      mode: z.enum(['on-demand', 'always']).optional(),
      user: z.object({ name: z.string(), uid: z.number().optional() }).optional(),
      sites: z.record(z.string().regex(/^[a-z]+$/), z.strictObject({ root: z.string() })).optional(),
      labels: z.looseObject({ team: z.string() }).optional(),
      both: z.intersection(z.object({ a: z.string() }), z.object({ b: z.string() })).optional(),
      either: z.union([z.object({ path: z.string() }), z.array(z.string())]).optional(),
      password: secret().optional(),
      pem: openText(z.string().startsWith('---')).optional(),
      word: z.string().regex(/^yes$/i).optional(),
    });
    const cases: readonly (readonly [z.ZodType, string, boolean])[] = [
      [closed, 'port: 8080', true],
      [closed, 'port: "8080"', false],
      [closed, 'port: 0', false],
      [closed, 'prot: 80', false],
      [closed, 'mode: always', true],
      [closed, 'mode: allways', false],
      [closed, 'user: { name: a }', true],
      [closed, 'user: { uid: 1 }', false],
      [closed, 'user: { name: a, gid: 3 }', false],
      [closed, 'sites: { a: { root: /x } }', true],
      [closed, 'sites: { a: { rot: /x } }', false],
      [closed, 'sites: { A: { root: /x } }', false],
      [closed, 'labels: { team: a, other: b }', true],
      [closed, 'both: { a: x, b: x }', true],
      [closed, 'both: { a: x, b: x, c: x }', false],
      [closed, 'either: [a]', true],
      [closed, 'either: { path: a }', true],
      [closed, 'either: { path: a, pth: b }', false],
      [closed, 'password: plain', true],
      [closed, 'password: 12', false],
      [closed, 'password: ""', false],
      [closed, 'pem: ---x', true],
      [closed, 'word: "Yes"', true],
      [closed, 'ansible_host: 192.0.2.1', true],
      [closed, 'ansible_port: "22"', true],
      [closed, 'ansible_prot: 22', false],
      [closed, 'ansible_become: true', true],
      [closed, 'ansible_become: false', false],
      [closed, 'ansible_group_priority: 2', false],
      [z.looseObject({ port: z.number().optional() }), 'anything: [1]', true],
      [z.looseObject({ port: z.number().optional() }), 'ansible_hots: a', false],
      [z.looseObject({ port: z.number().optional() }), 'port: a', false],
      [z.object({}).catchall(z.string()), 'a: text', true],
      [z.object({}).catchall(z.string()), 'a: 1', false],
    ];
    for (const [schema, text, fine] of cases) {
      it(`${fine ? 'takes' : 'refuses'} ${text}`, async () => {
        const source = { vars: schema, groups: ['web'], docs: new Map() };
        const whole = `web:\n  hosts:\n    web-01:\n      ${text}\n`;
        expect(await loads(whole, schema)).to.equal(fine);
        expect(judge(inventorySchema(source))(whole).length === 0, 'the schema of inventories').to.equal(fine);
        expect(judge(varsSchema(source))(text).length === 0, 'the schema of variables').to.equal(fine);
      });
    }
  });
});

/** Whether the program takes an inventory. */
async function loads(text: string, schema: z.ZodType): Promise<boolean> {
  try {
    const inventory = await loadInventory(join(folderWith({ 'hosts.yml': text }), 'hosts.yml'));
    connectionsOf(inventory.hosts);
    validateHosts(inventory, schema);
    return true;
  } catch (error) {
    if (error instanceof InputErrors) return false;
    throw error;
  }
}
