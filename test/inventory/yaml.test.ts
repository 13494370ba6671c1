import { expect } from 'chai';
import { PendingSecret, type Node } from '../../src/inventory/tree.js';
import { parseYaml } from '../../src/inventory/yaml.js';
import { Secret } from '../../src/util/secret.js';
import { faultTexts, faultsOf } from './helpers.js';

const plain = (node: Node): unknown => {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plain);
  return Object.fromEntries([...node.entries].map(([key, entry]) => [key, plain(entry.node)]));
};
const read = (text: string) => plain(parseYaml(text, 'f.yml'));
const faults = (text: string) => faultTexts('', () => parseYaml(text, 'f.yml'));

describe('inventory/yaml', () => {
  it('reads plain values as Ansible does', () => {
    expect(read('{a: yes, b: off, c: 0644, d: 0x1F, e: 1_000, f: 1.5, g: ~, h: "yes", i: -3}')).to.deep.equal({
      a: true,
      b: false,
      c: 420,
      d: 31,
      e: 1000,
      f: 1.5,
      g: null,
      h: 'yes',
      i: -3,
    });
  });

  it('leaves as text what is text to a person: hashes, times, dates, versions, y and n', () => {
    const texts = { hash: '12e4567', time: '22:30', date: '2026-11-21', version: '1.2.3', y: 'y', n: 'n', octal: '089' };
    const text = Object.entries(texts).map(([key, value]) => `${key}: ${value}\n`);
    expect(read(text.join(''))).to.deep.equal(texts);
  });

  it('keeps keys as they are written', () => {
    expect(read('on: 1\n10.0.0.1: 2\n8: 3\n')).to.deep.equal({ on: 1, '10.0.0.1': 2, '8': 3 });
  });

  it('knows the place of a key and of its value', () => {
    const root = parseYaml('a:\n  - b: 1\n    long: x\n', 'f.yml');
    const a = root.kind === 'map' ? root.entries.get('a') : undefined;
    const item = a?.node.kind === 'list' ? a.node.items[0] : undefined;
    const long = item?.kind === 'map' ? item.entries.get('long') : undefined;
    expect(a?.at).to.deep.equal({ file: 'f.yml', line: 1, column: 1 });
    expect(long?.at).to.deep.equal({ file: 'f.yml', line: 3, column: 5 });
    expect(long?.node.at).to.deep.equal({ file: 'f.yml', line: 3, column: 11 });
  });

  it('follows aliases and merges maps, where a key of the map itself wins', () => {
    expect(read('x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3\nz: *x\nw: {<<: [*x, {a: 9, c: 4}]}\n')).to.deep.equal({
      x: { a: 1, b: 2 },
      y: { a: 1, b: 3 },
      z: { a: 1, b: 2 },
      w: { a: 1, b: 2, c: 4 },
    });
  });

  it('keeps secrets for later', () => {
    const value = read('a: !vault |\n  $ANSIBLE\n  33\nb: !env  DB \nc: !command pass show db\n');
    expect(value).to.deep.equal({
      a: new PendingSecret('vault', '$ANSIBLE\n33\n'),
      b: new PendingSecret('env', 'DB'),
      c: new PendingSecret('command', 'pass show db'),
    });
  });

  it('makes every text of a vaulted file a secret', () => {
    const value = plain(parseYaml('a: text\nb: 5\nc: [more]\n', 'f.yml', { vaulted: true }));
    expect(value).to.have.property('a').that.is.instanceOf(Secret);
    expect(value).to.have.nested.property('c[0]').that.is.instanceOf(Secret);
    expect(value).to.have.property('b', 5);
  });

  it('takes an empty document for nothing', () => {
    expect(read('')).to.equal(null);
    expect(read('# only a comment\n---\n')).to.equal(null);
  });

  it('refuses duplicate keys, all of them, and names the first line of each', async () => {
    expect(await faults('a: 1\nb: {c: 1, c: 2}\na: 2\n')).to.deep.equal([
      'f.yml:2:11 "c" stands here twice: first in line 2',
      'f.yml:3:1 "a" stands here twice: first in line 1',
    ]);
  });

  it('refuses a Jinja expression, and lets braces pass behind !unsafe', async () => {
    expect(await faults('a: "x {{ foo }} y"\nb: "{% if x %}"\n')).to.deep.equal([
      'f.yml:1:4 {{ foo }} is a Jinja expression, and variables are not templates here',
      'f.yml:2:4 {% if x %} is a Jinja expression, and variables are not templates here',
    ]);
    expect(read('a: !unsafe "{{ foo }}"\n')).to.deep.equal({ a: '{{ foo }}' });
  });

  const BROKEN: Readonly<Record<string, string>> = {
    'a: !valt x': 'f.yml:1:4 the tag !valt is not known — did you mean "!vault"?',
    'a: !env [x]': 'f.yml:1:4 !env stands in front of a text, not of a map or list',
    'ok: 1\na:\n\tb: 1': 'f.yml:3:1 not valid YAML: Tabs are not allowed as indentation',
    'a: {{ foo }}': 'f.yml:1:5 not valid YAML: a key must be a plain word',
    'a: *nope': 'f.yml:1:4 there is no anchor &nope before this alias',
    'a: &a [*a]': 'f.yml:1:8 this alias stands inside what it stands for',
    'a: "open\nb: 1': 'f.yml:2:5 not valid YAML: Missing closing "quote',
    'a: 99999999999999999999': 'f.yml:1:4 this number is too large to be kept exactly; put it in quotes',
    'a: !!binary aGVsbG8=': 'f.yml:1:13 this kind of YAML value cannot be a variable',
    'a: {<<: 5}': 'f.yml:1:5 "<<" merges maps, and this is none',
  };
  for (const [text, fault] of Object.entries(BROKEN)) {
    it(`says where ${JSON.stringify(text)} is broken`, async () => {
      expect(await faults(text)).to.deep.equal([fault]);
    });
  }

  it('quotes nothing of a vaulted file', async () => {
    const [error] = await faultsOf(() => parseYaml('a: *hunter2secret', 'f.yml', { vaulted: true }));
    const broken = await faultsOf(() => parseYaml('hunter2: "secret\n', 'f.yml', { vaulted: true }));
    expect(error?.where).to.deep.include({ file: 'f.yml', line: 1 });
    expect(broken.map((one) => one.message)).to.deep.equal(['not valid YAML: MISSING_CHAR']);
    expect(JSON.stringify([error?.message, broken])).to.not.include('hunter2');
  });
});
