import { expect } from 'chai';
import { ABSENT } from '../../../src/facts/file.js';
import { guardKey, unconfirmed } from '../../../src/facts/unconfirmed.js';
import { configFiles } from '../../../src/tasks/configFiles.js';
import { file } from '../../../src/tasks/file.js';
import { planAfter, planOn } from '../../support/plan.js';

const PATH = '/etc/ssh/sshd_config.d/50-test.conf';
const sshd = file({ path: PATH, content: 'MaxAuthTries 4\n', confirmLogin: { reload: 'ssh' } });
const bare = { file: ABSENT, unconfirmed: false };

describe('tasks/shared/confirmLogin', () => {
  it('has the host undo a change that no new login confirms', async () => {
    const [change] = await planOn(sshd, bare);
    expect(change?.summary).to.equal('create (undone after 30 s unless a new login confirms it)');
    const [step] = change?.steps ?? [];
    expect(step).to.deep.include({ kind: 'guarded', name: `file ${PATH}`, seconds: 30, paths: [PATH] });
    expect(step?.kind === 'guarded' && [step.steps.map(({ kind }) => kind), step.effect?.split('\n')[0]]).to.deep.equal([
      ['put'],
      'systemctl try-reload-or-restart -- ssh',
    ]);
    expect(await planAfter(sshd, bare)).to.deep.equal([]);
  });

  it('guards a set of files as a whole, and shows what its condition is', async () => {
    const set = configFiles({
      name: 'sudoers',
      files: [{ path: '/etc/sudoers.d/ops', content: '%ops ALL=(ALL) ALL\n', mode: '0440' }],
      validate: 'visudo -cq',
      confirmLogin: { seconds: 10 },
    });
    const [change] = await planOn(set, bare);
    expect(change?.parts?.map(({ summary }) => summary)).to.deep.equal([
      '/etc/sudoers.d/ops: create',
      'undone after 10 s unless a new login confirms it',
    ]);
    expect(change?.steps[0]).to.deep.include({ kind: 'guarded', paths: ['/etc/sudoers.d/ops'] });
    expect(await planAfter(set, bare)).to.deep.equal([]);
  });

  it('confirms what an interrupted run left, where nothing else is to be done', async () => {
    const done = (await planOn(sshd, bare)).flatMap(({ predicts = [] }) => predicts);
    const now = Object.fromEntries(done.map(({ key, value }) => [key, value]));
    const left = { ...bare, ...now, [unconfirmed(`file ${PATH}`).key]: true };
    const [change] = await planOn(sshd, left);
    expect(change?.summary).to.equal('confirm by a new login what an interrupted run has changed');
    expect(change?.steps[0]).to.deep.include({ kind: 'guarded', steps: [] });
    expect(await planAfter(sshd, left)).to.deep.equal([]);
  });

  it('asks nothing where no guard is wanted', async () => {
    const prepared = await file({ path: PATH, content: 'x' }).prepare({ resolve: (path) => path });
    expect(prepared.reads.map(({ fact }) => fact.name)).to.not.include('unconfirmed');
  });

  it('knows guards by a name without spaces or slashes', () => {
    expect(guardKey(`file ${PATH}`)).to.match(/^[0-9a-f]{16}$/);
  });
});
