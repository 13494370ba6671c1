import { expect } from 'chai';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../../src/model/errors.js';
import { keepNewest } from '../../src/tasks/keepNewest.js';
import { applyLocally, planLocally } from '../support/apply.js';
import { planAfter, planOn } from '../support/plan.js';

const task = (keep: number, ...always: string[]) => keepNewest({ path: '/srv/releases', keep, always });
const removed = async (keep: number, always: readonly string[], now: readonly string[]) =>
  (await planOn(task(keep, ...always), { entries: now }))[0]?.diff?.before?.trim().split('\n') ?? [];

describe('tasks/keepNewest', () => {
  it('plans nothing where few are there, or none', async () => {
    expect(await removed(3, [], ['c', 'b', 'a'])).to.deep.equal([]);
    expect(await removed(1, ['a'], ['a'])).to.deep.equal([]);
    expect(await removed(1, ['new'], [])).to.deep.equal([]);
  });

  it('removes all but the newest', async () => {
    expect(await removed(2, [], ['d', 'c', 'b', 'a'])).to.deep.equal(['a', 'b']);
    expect(await planAfter(task(2), { entries: ['d', 'c', 'b', 'a'] })).to.deep.equal([]);
  });

  it('counts what always stays as there, also when it is old or comes with the same run', async () => {
    expect(await removed(2, ['a'], ['d', 'c', 'b', 'a'])).to.deep.equal(['b', 'c']);
    expect(await removed(2, ['new'], ['c', 'b', 'a'])).to.deep.equal(['a', 'b']);
    expect(await removed(1, ['new', 'a'], ['b', 'a'])).to.deep.equal(['b']);
    expect(await planAfter(task(2, 'new'), { entries: ['c', 'b', 'a'] })).to.deep.equal([]);
  });

  it('depends on no change to what is in the folder, but on its removal', async () => {
    const prepared = await task(2).prepare({ resolve: (path) => path });
    expect(prepared.reads.map(({ topics }) => topics)).to.deep.equal([['entries:/srv/releases']]);
  });

  it('refuses a path as a name, and the root', () => {
    expect(() => keepNewest({ path: '/srv', keep: 2, always: ['a/b'] })).to.throw(InputError, 'not a path');
    expect(() => keepNewest({ path: '/', keep: 2 })).to.throw(InputError, 'not /');
  });

  describe('on this machine', () => {
    let dir: string;
    beforeEach(() => {
      dir = mkdtempSync(join(tmpdir(), "it's old "));
      ['first', 'second one', 'third', "fourth's", '.hidden'].forEach((name, index) => {
        mkdirSync(join(dir, name));
        writeFileSync(join(dir, name, 'file'), name);
        utimesSync(join(dir, name), 1_000_000 + index * 60, 1_000_000 + index * 60);
      });
    });
    afterEach(() => {
      rmSync(dir, { recursive: true });
    });

    it('keeps the newest, a named one and what is hidden', async () => {
      const [change] = await applyLocally(keepNewest({ path: dir, keep: 2, always: ['first'] }));
      expect(change?.summary).to.equal('remove third, second one');
      expect(readdirSync(dir).sort()).to.deep.equal(['.hidden', 'first', "fourth's"]);
      expect(existsSync(join(dir, 'first/file'))).to.equal(true);
    });

    it('has nothing to do in a folder that is not there', async () => {
      expect(await planLocally(keepNewest({ path: join(dir, 'none'), keep: 1 }))).to.deep.equal([]);
    });
  });
});
