import { expect } from 'chai';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { run } from '../../src/engine/run.js';
import { UnreachableError } from '../../src/model/errors.js';

import { playbook } from '../../src/model/playbook.js';
import { on } from '../../src/model/task.js';
import { command } from '../../src/tasks/command.js';
import { file } from '../../src/tasks/file.js';
import { here } from './support.js';

describe('engine/rescue', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rescue-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** A play on `one` that changes something and fails; from then on the hosts that are named cannot be reached. */
  async function rescued(gone: readonly string[]): Promise<readonly string[]> {
    const at = (name: string) => join(folder, name);
    const put = (name: string) => file({ path: at(name), content: 'here' });
    const book = playbook({
      vars: z.looseObject({}),
      groups: [],
      plays: [
        {
          name: 'the play',
          hosts: 'all',
          user: userInfo().username,
          tasks: () => [put('changed'), command({ name: 'fails', run: 'exit 1', creates: at('never') })],
          rescue: () => [put('own'), on('two', put('second')), on('three', put('third'))],
        },
      ],
    });
    return await here(book, { names: ['one', 'two', 'three'], selected: ['one'] }, async (options, { events }) => {
      const isLost = (host: string) => gone.includes(host) && events.some((event) => event.type === 'note');
      const outcome = await run({
        ...options,
        openSession: (host, user) =>
          isLost(host) ? Promise.reject(new UnreachableError(`${host} is gone`)) : options.openSession(host, user),
      });
      expect(outcome.totals['one']).to.include({ failed: 1 });
      return events.flatMap((event) => (event.type === 'note' ? [event.text] : []));
    });
  }
  const made = () => ['own', 'second', 'third'].filter((name) => existsSync(join(folder, name)));

  it('does all that brings a host back', async () => {
    const notes = await rescued([]);
    expect(made()).to.deep.equal(['own', 'second', 'third']);
    expect(notes).to.deep.equal(['"the play" did not come to its end: bringing back what must not stay as it is']);
    expect(readFileSync(join(folder, 'changed'), 'utf8')).to.equal('here');
  });

  it('does what is for other hosts where the host itself cannot be reached', async () => {
    const notes = await rescued(['one']);
    expect(made()).to.deep.equal(['second', 'third']);
    expect(notes.slice(1)).to.deep.equal([
      'it could not be brought back itself: one is gone; doing what is to be done for it on two, three',
    ]);
  });

  it('does it on each for itself, and says what is left undone', async () => {
    const notes = await rescued(['one', 'two']);
    expect(made()).to.deep.equal(['third']);
    expect(notes.at(-1)).to.equal(`left undone on two: file ${folder}/second: two is gone`);
  });
});
