import { expect } from 'chai';
import { ABSENT, type FileState } from '../../src/facts/file.js';
import { NO_ENTRY } from '../../src/facts/accounts.js';
import { directory } from '../../src/tasks/directory.js';
import { file } from '../../src/tasks/file.js';
import { group } from '../../src/tasks/group.js';
import { link } from '../../src/tasks/link.js';
import type { Task } from '../../src/model/task.js';

const THERE: FileState = { type: 'file', mode: '0644', owner: 'root', group: 'root', size: 4, sha256: 'x', content: 'old\n' };

/** What a task's changes say that they create, where each of its reads gives the same. */
async function creations(task: Task, value: unknown) {
  const prepared = await task.prepare({ resolve: (path) => path });
  return prepared.plan(() => value).flatMap(({ creates = [] }) => creates);
}

describe('what tasks say that they create', () => {
  const tasks: readonly (readonly [Task, unknown, readonly string[]])[] = [
    [file({ path: '/etc/a', content: 'new\n' }), ABSENT, ['path:/etc/a']],
    [link({ path: '/etc/b', target: 'a' }), ABSENT, ['path:/etc/b']],
    [directory({ path: '/srv/c' }), ABSENT, ['path:/srv/c']],
    [group({ name: 'staff2' }), NO_ENTRY, ['group:staff2']],
  ];
  for (const [task, nothing, expected] of tasks) {
    it(`is what was not there: ${task.id}`, async () => {
      expect(await creations(task, nothing)).to.deep.equal(expected);
    });
  }

  it('is nothing where something is replaced', async () => {
    expect(await creations(file({ path: '/etc/a', content: 'new\n' }), THERE)).to.deep.equal([]);
    expect(await creations(link({ path: '/etc/b', target: 'a', force: true }), THERE)).to.deep.equal([]);
  });
});
