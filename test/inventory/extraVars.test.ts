import { expect } from 'chai';
import fc from 'fast-check';
import { parseExtraVars } from '../../src/inventory/extraVars.js';
import { valueReader } from '../../src/inventory/values.js';
import { faultTexts, folderWith, removeFolders } from './helpers.js';

async function vars(items: readonly string[], cwd = '.'): Promise<Record<string, unknown>> {
  const read = valueReader(() => Promise.reject(new Error('no secret is expected here')));
  const layer = await parseExtraVars(items, { cwd });
  return Object.fromEntries(
    await Promise.all([...layer].map(async ([name, { node }]) => [name, await read(name, node)] as const)),
  );
}

describe('inventory/extraVars', () => {
  after(removeFolders);

  it('reads pairs, with types where nothing is lost by it', async () => {
    expect(await vars(['a=1 b=yes c=off d=null e=text f=-2.5', 'mode=0644', 'version=1.10', 'hash=1e3', 'empty='])).to.deep.equal(
      {
        a: 1,
        b: true,
        c: false,
        d: null,
        e: 'text',
        f: -2.5,
        mode: '0644',
        version: '1.10',
        hash: '1e3',
        empty: '',
      },
    );
  });

  it('reads quoted values as text', async () => {
    expect(await vars([`a="80" b='two words' c="say \\"hi\\"" d=x=y`])).to.deep.equal({
      a: '80',
      b: 'two words',
      c: 'say "hi"',
      d: 'x=y',
    });
  });

  it('reads maps in JSON and YAML, and files', async () => {
    const cwd = folderWith({ 'more.yml': 'x: [1]\ny: 2\n' });
    expect(await vars(['{"a": {"b": [1, "2"]}}', '{c: yes}', '@more.yml'], cwd)).to.deep.equal({
      a: { b: [1, '2'] },
      c: true,
      x: [1],
      y: 2,
    });
  });

  it('lets the later win', async () => {
    expect(await vars(['a=1', '{a: 2}', 'a=3'])).to.deep.equal({ a: 3 });
  });

  it('gives every value in quotes back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        fc.pre(!text.includes("'"));
        expect(await vars([`a='${text}'`])).to.deep.equal({ a: text });
      }),
    );
  });

  it('never changes what a number looks like', async () => {
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^-?[0-9]{1,20}(\.[0-9]{1,5})?$/), async (text) => {
        expect(String((await vars([`a=${text}`]))['a'])).to.equal(text);
      }),
    );
  });

  it('refuses what is no pair, without repeating it', async () => {
    const faults = await faultTexts('', () =>
      parseExtraVars(['db_password=my secret', 'alone', 'a="open', 'my-name=1', '{a: 1, a: 2}', '@/nowhere.yml']),
    );
    expect(faults.map((fault) => fault.replace(/: ENOENT.*/, ''))).to.deep.equal([
      '- --extra-vars: what follows db_password=… is not name=value',
      '- --extra-vars: it does not begin with name=value',
      '- --extra-vars: a quote is not closed',
      '--extra-vars "my-name" is not a variable\'s name (letters, digits and "_") — did you mean "my_name"?',
      '--extra-vars:1:8 "a" stands here twice: first in line 1',
      '/nowhere.yml this file cannot be read',
    ]);
  });
});
