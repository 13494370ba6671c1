import { expect } from 'chai';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { sh } from '../../src/model/change.js';
import { InputError } from '../../src/model/errors.js';
import { playbook } from '../../src/model/playbook.js';
import { defineTask } from '../../src/model/task.js';
import { command } from '../../src/tasks/command.js';
import { directory } from '../../src/tasks/directory.js';
import { file } from '../../src/tasks/file.js';
import { lineInFile } from '../../src/tasks/lineInFile.js';
import { onePlay, runHere } from './support.js';

describe('engine/run, on this machine', () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'run-'))));
  afterEach(() => {
    rmSync(dir, { recursive: true });
  });

  const site = () =>
    onePlay(() => [
      directory({ path: `${dir}/a` }),
      file({ path: `${dir}/a/one`, content: '1\n' }),
      file({ path: `${dir}/a/two`, content: '2\n' }),
    ]);

  it('does what the dry run said, once, and proves it', async () => {
    const dry = await runHere(site(), { dryRun: true });
    expect(dry.results.map(([status]) => status)).to.deep.equal(['changed', 'changed', 'changed']);
    expect(existsSync(`${dir}/a`)).to.equal(false);
    const first = await runHere(site());
    expect(first.results).to.deep.equal(dry.results);
    expect(readFileSync(`${dir}/a/two`, 'utf8')).to.equal('2\n');
    const second = await runHere(site());
    expect(second.results.map(([status]) => status)).to.deep.equal(['ok', 'ok', 'ok']);
  });

  it('asks once for any number of tasks that have nothing to do', async () => {
    const many = (count: number) =>
      onePlay(() => Array.from({ length: count }, (_, index) => file({ path: `${dir}/${index}`, content: 'x' })));
    await runHere(many(100));
    expect((await runHere(many(1))).exchanges).to.equal((await runHere(many(100))).exchanges);
  });

  it('makes independent changes in one job, then reads once to prove them', async () => {
    const { exchanges } = await runHere(
      onePlay(() => Array.from({ length: 40 }, (_, index) => file({ path: `${dir}/${index}`, content: 'x' }))),
    );
    // Read all, lock, job, read all again.
    expect(exchanges).to.equal(4);
  });

  it('ends where a command that runs each time stands before something that must be read', async () => {
    const book = (content: string) =>
      onePlay(() => [
        command({ name: 'each time', run: 'true', always: true }),
        file({ path: `${dir}/after`, content }),
        command({ name: 'left out', run: 'true', always: true }, { when: false }),
      ]);
    for (const status of ['changed', 'ok']) {
      const { results, events } = await runHere(book('x'));
      expect(results.map(([ended]) => ended).sort()).to.deep.equal(['changed', status, 'skipped'].sort());
      expect(events.filter((event) => event.type === 'task')).to.have.length(3);
    }
  });

  it('stops a host at its first failure, tells command and output, and leaves the others alone', async () => {
    const book = onePlay((host) => [
      command({
        name: 'break',
        run: `[ ${host} != bad ] || { echo no such luck >&2; exit 7; }; touch ${dir}/${host}`,
        creates: `${dir}/${host}`,
      }),
      file({ path: `${dir}/${host}-after`, content: '' }),
    ]);
    const { totals, events } = await runHere(book, { names: ['bad', 'good'] });
    expect(totals['bad']).to.deep.include({ failed: 1, changed: 0 });
    expect(totals['good']).to.deep.include({ failed: 0, changed: 2 });
    expect(existsSync(`${dir}/bad-after`)).to.equal(false);
    const failed = events.find((event) => event.type === 'task' && event.status === 'failed');
    expect(failed).to.have.nested.property('fault.message').that.contains('exit code 7').and.contains('no such luck');
    expect(failed).to.have.nested.property('fault.where.line');
  });

  it('plans nothing on a change that a person did not want', async () => {
    const path = `${dir}/refused`;
    const { results, events } = await runHere(
      onePlay(() => [file({ path, content: 'a\n' }), lineInFile({ path, line: 'b' })]),
      { confirm: () => Promise.resolve('no') },
    );
    expect(results).to.deep.equal([
      ['skipped', `file ${path}`],
      ['failed', `lineInFile ${path}: b`],
    ]);
    expect(events.find((event) => event.type === 'task' && event.status === 'failed'))
      .to.have.nested.property('fault.message')
      .that.matches(/is not there/);
    expect(existsSync(path)).to.equal(false);
  });

  it('fails a task that another one undoes, and says so', async () => {
    const { totals, events } = await runHere(
      onePlay(() => [
        file({ path: `${dir}/x`, content: 'a' }),
        command({ name: 'undo', run: `echo b > ${dir}/x`, always: true }),
      ]),
    );
    expect(totals['here']?.failed).to.equal(1);
    expect(JSON.stringify(events)).to.contain('not converged');
  });

  it('reads again what an unpredictable change touched before it plans on it', async () => {
    const book = onePlay(() => [
      command({ name: 'make', run: `mkdir -p ${dir}/sub; printf old > ${dir}/sub/f`, creates: `${dir}/sub` }),
      file({ path: `${dir}/sub/f`, content: 'new' }),
    ]);
    const dry = await runHere(book, { dryRun: true });
    expect(dry.results.map(([status]) => status)).to.deep.equal(['changed', 'unknown']);
    const reasons = dry.events.flatMap((event) => (event.type === 'task' ? [event.because] : []));
    expect(reasons).to.deep.equal([undefined, ['command make']]);
    const { events } = await runHere(book);
    const change = events.find((event) => event.type === 'task' && event.id === `file ${dir}/sub/f`);
    expect(change).to.have.nested.property('changes[0].diff').that.deep.equals({ before: 'old', after: 'new' });
  });

  it('says of a wait that what it waited for is gone', async () => {
    const flaky = defineTask({
      kind: 'flaky',
      waits: true,
      options: z.strictObject({}),
      subject: () => 'here',
      reads: () => ({}),
      plan: () => [{ summary: 'wait for it', steps: [sh('true')], touches: [] }],
    });
    const { totals, events } = await runHere(onePlay(() => [flaky({})]));
    expect(totals['here']?.failed).to.equal(1);
    const failed = events.find((event) => event.type === 'task' && event.status === 'failed');
    expect(failed).to.have.nested.property('fault.message').that.includes('is not any more: it would wait for it');
    expect(failed).to.have.nested.property('fault.hint').that.includes('does not stay up');
  });

  it('is silent about plays of which no task is chosen', async () => {
    const user = userInfo().username;
    const play = (name: string, tags: readonly string[]) => ({
      name,
      hosts: 'all' as const,
      user,
      tags: name === 'by play' ? tags : [],
      tasks: () => [command({ name, run: 'true', always: true }, { tags: name === 'by play' ? [] : tags })],
    });
    const book = playbook({
      vars: z.looseObject({}),
      groups: [],
      plays: [play('by play', ['x']), play('other', ['y']), play('by task', ['x']), play('untagged', [])],
    });
    const played = async (filter: { tags?: string[]; skipTags?: string[] }) =>
      (await runHere(book, filter)).events.flatMap((event) => (event.type === 'play-start' ? [event.play] : []));
    expect(await played({})).to.deep.equal(['by play', 'other', 'by task', 'untagged']);
    expect(await played({ tags: ['x'] })).to.deep.equal(['by play', 'by task']);
    expect(await played({ skipTags: ['x', 'untagged'] })).to.deep.equal(['other']);
  });

  it('refuses unknown tags and start tasks before it does anything', async () => {
    for (const wrong of [{ tags: ['wbe'] }, { startAtTask: `file ${dir}/a/onee` }]) {
      const error: unknown = await runHere(site(), wrong).catch((e: unknown) => e);
      expect(error).to.be.instanceOf(InputError);
    }
    expect(existsSync(`${dir}/a`)).to.equal(false);
  });

  it('leaves the live file alone when its validation fails', async () => {
    writeFileSync(`${dir}/conf`, 'good\n');
    const { totals } = await runHere(
      onePlay(() => [file({ path: `${dir}/conf`, content: 'bad\n', validate: 'grep -q good %s' })]),
    );
    expect(totals['here']?.failed).to.equal(1);
    expect(readFileSync(`${dir}/conf`, 'utf8')).to.equal('good\n');
  });
});
