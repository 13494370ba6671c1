import { expect } from 'chai';
import type { FileState } from '../../src/facts/file.js';
import { InputError } from '../../src/model/errors.js';
import { hostname } from '../../src/tasks/hostname.js';
import { sha256 } from '../../src/util/hash.js';
import { planAfter, planOn } from '../support/plan.js';

const file: FileState = {
  type: 'file',
  mode: '0644',
  owner: 'root',
  group: 'root',
  size: 4,
  sha256: sha256('old\n'),
  content: 'old\n',
};
const task = hostname({ name: 'web-01' });

describe('tasks/hostname', () => {
  it('sets the name for now and for the next boot', async () => {
    const changes = await planOn(task, { file, hostname: 'old' });
    expect(changes.map(({ summary }) => summary)).to.deep.equal(['content', 'old → web-01']);
    expect(await planAfter(task, { file, hostname: 'old' })).to.deep.equal([]);
  });

  it('sets only what is wrong', async () => {
    const right = { ...file, sha256: sha256('web-01\n') };
    expect((await planOn(task, { file: right, hostname: 'old' })).map(({ summary }) => summary)).to.deep.equal(['old → web-01']);
    expect(await planOn(task, { file: right, hostname: 'web-01' })).to.deep.equal([]);
  });

  it('refuses what is no name', () => {
    for (const name of ['web_01', '-a', 'a..b', 'a b', 'x'.repeat(64)]) {
      expect(() => hostname({ name }), name).to.throw(InputError);
    }
  });
});
