import { expect } from 'chai';
import { isFolder } from '../../../src/facts/folder.js';
import { ABSENT, type FileState } from '../../../src/facts/file.js';
import { Unprepared } from '../../../src/model/change.js';
import { directory } from '../../../src/tasks/directory.js';
import { file } from '../../../src/tasks/file.js';
import { link } from '../../../src/tasks/link.js';
import { FOLDERS_STAY, folderThere } from '../../../src/tasks/shared/folders.js';
import type { Task } from '../../../src/model/task.js';
import { planOn } from '../../support/plan.js';
import { askLocally } from '../../support/shell.js';

const there: FileState = { type: 'file', mode: '0644', owner: 'root', group: 'root', size: 1, sha256: 'ab', content: 'x' };
const fails = (task: Task, values: object) => planOn(task, { ...values }).catch((error: unknown) => error);

describe('tasks/shared/folders', () => {
  it('refuses to make something where there is no folder for it, and says what would be made', async () => {
    for (const task of [
      file({ path: '/etc/app/app.conf', content: 'a\n' }),
      link({ path: '/etc/app/current', target: 'x' }),
      directory({ path: '/etc/app/conf.d' }),
    ]) {
      const error = await fails(task, { file: ABSENT, folder: false });
      expect(error, task.id).to.be.instanceOf(Unprepared).with.property('message', 'there is no folder /etc/app on this host');
      expect((error as Unprepared).hint).to.equal("make it before with directory({ path: '/etc/app' })");
      expect((error as Unprepared).changes[0]?.summary).to.match(/^create/);
    }
  });

  it('asks for no folder where the file is there, or the folders above are made too', async () => {
    expect(await planOn(file({ path: '/etc/a/b', content: 'a\n' }), { file: there, folder: false })).to.have.length(1);
    expect(await planOn(file({ path: '/etc/a/b', state: 'absent' }), { file: ABSENT, folder: false })).to.deep.equal([]);
    const values = { file: ABSENT, folder: false };
    expect(await planOn(directory({ path: '/etc/a/b', parents: true }), values)).to.have.length(1);
  });

  it('foretells folders that a directory makes', async () => {
    const [change] = await planOn(directory({ path: '/srv/app' }), { file: ABSENT });
    expect(change?.predicts).to.deep.include(isFolder('/srv/app').predict(true));
    expect(folderThere('/a/b').map(({ key }) => key)).to.deep.equal(['folder(/a)', 'folder(/a/b)']);
  });

  it('knows of what may make folders that those which are there stay', () => {
    expect(FOLDERS_STAY.key).to.equal(isFolder('/x').fact.name);
    expect(FOLDERS_STAY.tell?.(true)).to.deep.equal({ value: true });
    expect(FOLDERS_STAY.tell?.(false)).to.equal(undefined);
  });

  it('tells folders and links to them from what is none', () => {
    expect(['/', '/proc/self/cwd', '/etc/passwd', '/no where'].map((path) => askLocally(isFolder(path))[0])).to.deep.equal([
      true,
      true,
      false,
      false,
    ]);
  });
});
