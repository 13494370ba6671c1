import { expect } from 'chai';
import { ABSENT, type FileState } from '../../src/facts/file.js';
import { InputError, PlanError } from '../../src/model/errors.js';
import { directory } from '../../src/tasks/directory.js';
import { planAfter, planOn } from '../support/plan.js';

const folder: FileState = { type: 'directory', mode: '0755', owner: 'root', group: 'root', size: 0 };

describe('tasks/directory', () => {
  it('plans nothing where it is there as wanted', async () => {
    expect(await planOn(directory({ path: '/srv/app', owner: 'root', mode: '0755' }), { file: folder })).to.deep.equal([]);
    expect(await planOn(directory({ path: '/srv/app', state: 'absent' }), { file: ABSENT })).to.deep.equal([]);
  });

  it('creates it with its mode and owner, and predicts it', async () => {
    const task = directory({ path: '/srv/app/', owner: 'app', mode: '750' });
    const [change] = await planOn(task, { file: ABSENT });
    expect(change?.summary).to.equal('create');
    expect(change?.steps).to.deep.equal([
      { kind: 'shell', script: 'mkdir -m 0750 -- /srv/app\nchown -h app -- /srv/app\nchmod 0750 -- /srv/app' },
    ]);
    expect(await planAfter(task, { file: ABSENT })).to.deep.equal([]);
  });

  it('makes only the folders above that are missing, and predicts those too', async () => {
    const task = directory({ path: '/srv/a/b/c', parents: true });
    const values = { file: ABSENT, 'file(/srv)': folder };
    const [change] = await planOn(task, values);
    expect(change?.steps).to.deep.equal([
      { kind: 'shell', script: 'mkdir -m 0755 -- /srv/a\nmkdir -m 0755 -- /srv/a/b\nmkdir -m 0755 -- /srv/a/b/c' },
    ]);
    expect(change?.predicts?.map(({ key }) => key)).to.include.members(['file(/srv/a)', 'file(/srv/a/b)', 'file(/srv/a/b/c)']);
    expect(await planAfter(task, values)).to.deep.equal([]);
  });

  it('says ownership in words, and removes with all that is in it', async () => {
    const [owner] = await planOn(directory({ path: '/srv/app', owner: 'app' }), { file: folder });
    expect(owner?.summary).to.equal('owner root → app');
    const removal = directory({ path: '/srv/app', state: 'absent' });
    const [remove] = await planOn(removal, { file: folder });
    expect(remove).to.deep.include({ touches: ['path:/srv/app/**', 'entries:/srv/app/**'] });
    expect(await planAfter(removal, { file: folder })).to.deep.equal([]);
  });

  it('refuses what is not a directory, and to remove the system', async () => {
    for (const type of ['link', 'file', 'other'] as const) {
      const error: unknown = await planOn(directory({ path: '/srv/app', state: 'absent' }), { file: { ...folder, type } }).catch(
        (e: unknown) => e,
      );
      expect(error).to.be.instanceOf(PlanError);
    }
    expect(() => directory({ path: '/etc/', state: 'absent' })).to.throw(InputError, 'folder of the system');
    expect(() => directory({ path: '/', state: 'absent' })).to.throw(InputError, 'folder of the system');
  });
});
