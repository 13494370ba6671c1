import { expect } from 'chai';
import { mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ABSENT, fileState, type FileState } from '../../src/facts/file.js';
import { InputError, PlanError } from '../../src/model/errors.js';
import { link } from '../../src/tasks/link.js';
import { planAfter, planOn } from '../support/plan.js';
import { askLocally } from '../support/shell.js';
import { applyLocally } from '../support/apply.js';

const there: FileState = { type: 'link', mode: '0777', owner: 'root', group: 'root', size: 3, target: 'old' };

describe('tasks/link', () => {
  it('plans nothing where it says the same, or is absent as wanted', async () => {
    expect(await planOn(link({ path: '/srv/current', target: 'old' }), { file: there })).to.deep.equal([]);
    expect(await planOn(link({ path: '/srv/current', state: 'absent' }), { file: ABSENT })).to.deep.equal([]);
  });

  it('shows both targets and predicts the new one', async () => {
    const task = link({ path: '/srv/current', target: 'new' });
    const [change] = await planOn(task, { file: there });
    expect(change).to.deep.include({ summary: 'old → new', diff: { before: '-> old\n', after: '-> new\n' } });
    expect(await planAfter(task, { file: there })).to.deep.equal([]);
    expect(await planAfter(task, { file: ABSENT })).to.deep.equal([]);
    expect(await planAfter(link({ path: '/srv/current', state: 'absent' }), { file: there })).to.deep.equal([]);
  });

  it('replaces a file only by force, and a directory never', async () => {
    const refused = async (type: FileState['type'], force: boolean) =>
      (await planOn(link({ path: '/a', target: 'b', force }), { file: { ...there, type } }).catch((e: unknown) => e)) instanceof
      PlanError;
    expect(await refused('file', false)).to.equal(true);
    expect(await refused('file', true)).to.equal(false);
    expect(await refused('directory', true)).to.equal(true);
    expect(() => link({ path: '/a' })).to.throw(InputError, 'expected target');
  });

  describe('on this machine', () => {
    let dir: string;
    beforeEach(() => (dir = mkdtempSync(join(tmpdir(), "it's "))));
    afterEach(() => {
      rmSync(dir, { recursive: true });
    });

    it('renames a new link over one that leads to a folder, rather than into it', async () => {
      mkdirSync(join(dir, 'one'));
      const path = join(dir, 'current');
      for (const target of ['one', 'two $HOME']) {
        await applyLocally(link({ path, target }));
        expect(readlinkSync(path)).to.equal(target);
      }
      writeFileSync(join(dir, 'f'), 'text\n');
      await applyLocally(link({ path: join(dir, 'f'), target: 'one', force: true }));
      expect(askLocally(fileState({ path: join(dir, 'f') }))[0]).to.deep.include({ type: 'link', target: 'one' });
    });
  });
});
