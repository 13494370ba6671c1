import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { treeDigest, treeState } from '../../src/facts/tree.js';
import { sha256 } from '../../src/util/hash.js';
import { askLocally } from '../support/shell.js';

describe('facts/tree', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "it's == "));
    mkdirSync(join(dir, 't/B'), { recursive: true });
    for (const name of ['a', 'B/=', 'b c', 'é', 'a\nb', 'a!b', '-z', 'x.log']) writeFileSync(join(dir, 't', name), name);
    symlinkSync('a // b', join(dir, 't/link'));
    symlinkSync('t', join(dir, 'l'));
  });
  afterEach(() => {
    rmSync(dir, { recursive: true });
  });

  it('tells all that is in a folder, and what is no folder', () => {
    const path = join(dir, 't');
    const [full, link, gone, file] = askLocally(
      treeState({ path, exclude: [] }),
      treeState({ path: join(dir, 'l'), exclude: [] }),
      treeState({ path: join(dir, 'gone'), exclude: [] }),
      treeState({ path: join(path, 'a'), exclude: [] }),
    );
    expect([link, gone, file]).to.deep.equal([{ type: 'link' }, { type: 'absent' }, { type: 'other' }]);
    const items = new Map(full?.items?.map((item) => [item.path, item]));
    expect([...items.keys()].sort()).to.deep.equal(['', '-z', 'B', 'B/=', 'a', 'a\nb', 'a!b', 'b c', 'link', 'x.log', 'é']);
    expect(items.get('a\nb')).to.deep.include({ type: 'file', mode: '0644', sha256: sha256('a\nb') });
    expect(items.get('link')).to.deep.include({ type: 'link', target: 'a // b' });
    expect(items.get('')).to.deep.include({ type: 'directory', mode: '0755' });
  });

  it('gives a digest that can be told beforehand, and sends no items where it is met', () => {
    const path = join(dir, 't');
    const [full] = askLocally(treeState({ path, exclude: [] }));
    const expected = treeDigest(full?.items ?? []);
    expect(full?.digest).to.equal(expected);
    expect(askLocally(treeState({ path, exclude: [], expected }))).to.deep.equal([{ type: 'directory', digest: expected }]);
  });

  it('does not look into what is excluded, but says that it is there', () => {
    const [tree] = askLocally(treeState({ path: join(dir, 't'), exclude: ['/B', '*.log', '*a*'] }));
    expect(tree?.items?.filter(({ type }) => type === 'excluded').map(({ path }) => path)).to.have.members([
      'B',
      'a',
      'a\nb',
      'a!b',
      'x.log',
    ]);
    expect(tree?.items?.some(({ path }) => path === 'B/=')).to.equal(false);
    expect(tree?.digest).to.equal(treeDigest(tree?.items ?? []));
  });
});
