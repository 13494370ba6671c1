import { expect } from 'chai';
import { ABSENT, type FileState } from '../../../src/facts/file.js';
import { folderMark } from '../../../src/facts/loaded.js';
import { NotYetKnown } from '../../../src/model/change.js';
import type { Task } from '../../../src/model/task.js';
import { configFiles } from '../../../src/tasks/configFiles.js';
import { file } from '../../../src/tasks/file.js';
import { lineInFile } from '../../../src/tasks/lineInFile.js';
import { planOn } from '../../support/plan.js';

const brought: FileState = { type: 'file', mode: '0644', owner: 'root', group: 'root', size: 0, contentFrom: 'package app' };

async function later(task: Task): Promise<NotYetKnown> {
  const error: unknown = await planOn(task, { file: brought }).catch((caught: unknown) => caught);
  expect(error, task.id).to.be.instanceOf(NotYetKnown).with.property('because', 'package app');
  return error as NotYetKnown;
}

describe('files that an earlier task brings, before anybody knows what is in them', () => {
  it('are shown with the whole text that they will have', async () => {
    const { changes } = await later(file({ path: '/etc/app.conf', content: 'a\nb\n', mode: '0640' }));
    expect(changes[0]).to.deep.include({ summary: 'content, mode 0644 → 0640', diff: { before: undefined, after: 'a\nb\n' } });
  });

  it('make a set of files known after apply as a whole, all members shown', async () => {
    const files = [
      { path: '/etc/app.conf', content: 'a\n' },
      { path: '/etc/app.d', link: '/x' },
    ];
    const task = configFiles({ name: 'app', files, validate: 'true' });
    const values = { 'file(/etc/app.conf)': brought, 'file(/etc/app.d)': ABSENT };
    const error: unknown = await planOn(task, values).catch((caught: unknown) => caught);
    expect((error as NotYetKnown).changes[0]?.parts?.map(({ summary }) => summary)).to.deep.equal([
      '/etc/app.conf: content',
      '/etc/app.d: create, to /x',
    ]);
  });

  it('cannot be edited by line or removed with a diff yet', async () => {
    expect((await later(lineInFile({ path: '/etc/app.conf', line: 'a' }))).changes).to.deep.equal([]);
    expect((await later(file({ path: '/etc/app.conf', state: 'absent' }))).changes[0]?.summary).to.equal('remove');
  });

  it('leave open what the folders above are, unless only a mode changes', async () => {
    const said = async (now: FileState, mode: string) => {
      const [change] = await planOn(file({ path: '/etc/app/a.conf', content: 'a\n', mode }), { file: now });
      const prediction = change?.predicts?.find(({ key }) => key === folderMark('/etc/app/').key);
      return prediction?.tell === undefined ? prediction?.value : prediction.tell('folder:old')?.value;
    };
    expect(await said(ABSENT, '0644')).to.equal('from:/etc/app/a.conf');
    const whole = {
      ...brought,
      contentFrom: undefined,
      sha256: '87428fc522803d31065e7bce3cf03fe475096631e5e07bbd7a0fde60c4cf25c7',
    };
    expect(await said(whole, '0600')).to.equal('folder:old');
  });
});
