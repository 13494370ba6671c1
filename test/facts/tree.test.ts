import { expect } from 'chai';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { treeDigest, treeState, type TreeState } from '../../src/facts/tree.js';
import { blake2b } from '../../src/util/hash.js';
import { needsRoot } from '../support/apply.js';
import { askLocally, runLocally } from '../support/shell.js';

describe('facts/tree', () => {
  let dir: string;
  let made: number;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "it's == "));
    mkdirSync(join(dir, 't/B'), { recursive: true });
    for (const name of ['a', 'B/=', 'b c', 'é', 'a\nb', 'a!b', '-z', 'x.log']) writeFileSync(join(dir, 't', name), name);
    symlinkSync('a // b', join(dir, 't/link'));
    symlinkSync('t', join(dir, 'l'));
    made = Date.now();
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
    expect(items.get('a\nb')).to.deep.include({ type: 'file', mode: '0644', hash: blake2b('a\nb') });
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

  describe('with notes', () => {
    before(needsRoot);
    const NOTES = '/run/provision/notes';
    let path: string;
    let notesBefore: readonly string[];

    beforeEach(async () => {
      path = join(dir, 't');
      notesBefore = notes();
      // A young file may change again within the same tick of the clock: nothing is noted of it.
      while (Date.now() - made < 3100) await delay(100);
    });
    afterEach(() => {
      for (const name of notes()) if (!notesBefore.includes(name)) rmSync(join(NOTES, name));
    });

    function notes(): readonly string[] {
      return existsSync(NOTES) ? readdirSync(NOTES) : [];
    }

    /** Asks as a session does: one that may leave notes, or one that only reads. */
    function ask(may: 'write' | 'read', expected: string | undefined): TreeState | undefined {
      const read = treeState({ path, exclude: [], expected });
      const [only] = read.fact.queries([read.params]);
      const result = runLocally(`NOTES=${may === 'write' ? NOTES : ''}\n${only?.query.script ?? ''}`);
      return (only?.query.parse(result) as readonly TreeState[] | undefined)?.[0];
    }

    it('leaves one where it may and the tree is as expected, and reads it instead of the files', () => {
      const digest = ask('read', undefined)?.digest ?? '';
      ask('read', digest);
      ask('write', 'another');
      expect(notes()).to.deep.equal(notesBefore);
      ask('write', digest);
      const [note = ''] = notes().filter((name) => !notesBefore.includes(name));
      expect(statSync(NOTES).mode & 0o777).to.equal(0o700);
      // Another digest in the note comes back as it stands there: nothing was hashed.
      const [marks = '', users = '', groups = ''] = readFileSync(join(NOTES, note), 'utf8').split('\n');
      expect(users).to.match(/^[0-9a-f]{128} {2}\/etc\/passwd$/);
      writeFileSync(join(NOTES, note), `${marks}\n${users}\n${groups}\nnoted  -\n`);
      expect(ask('read', 'noted')).to.deep.equal({ type: 'directory', digest: 'noted' });
      // An owner may have another name where these files are not as they were.
      for (const other of [
        [users, 'another'],
        ['another', groups],
      ]) {
        writeFileSync(join(NOTES, note), `${[marks, ...other].join('\n')}\nnoted  -\n`);
        expect(ask('read', 'noted')?.digest).to.equal(digest);
      }
    }).timeout(20_000);

    it('reads the files again when one has changed, even if its size and times were set back', () => {
      const digest = ask('read', undefined)?.digest;
      ask('write', digest);
      const { atime, mtime } = statSync(join(path, 'a'));
      writeFileSync(join(path, 'a'), 'z');
      utimesSync(join(path, 'a'), atime, mtime);
      const after = ask('read', digest);
      expect(after?.digest).to.not.equal(digest);
      expect(after?.items?.find((item) => item.path === 'a')?.hash).to.equal(blake2b('z'));
    }).timeout(20_000);
  });
});
