import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { defineFact } from '../../src/model/fact.js';
import { sh } from '../../src/model/change.js';
import { defineTask } from '../../src/model/task.js';
import { file } from '../../src/tasks/file.js';
import { tree } from '../../src/tasks/tree.js';
import { onePlay, runHere } from './support.js';

/** The lines of a file that several tasks write to, each its own. */
const lines = defineFact<{ path: string; of: string }, readonly string[]>({
  name: 'lines',
  topics: ({ of }) => [`line:${of}`],
  command: ({ path }) => `cat ${path} 2>/dev/null`,
  parse: ({ stdout }) => stdout.split('\n').filter((line) => line !== ''),
});

/** Adds a word to a file: several in one line where they are done as one. */
const word = defineTask({
  kind: 'word',
  options: z.strictObject({ word: z.string(), path: z.string(), script: z.string() }),
  subject: (o) => o.word,
  reads: (o) => ({ lines: lines({ path: o.path, of: o.word }) }),
  plan: (o, now) =>
    now.lines.some((line) => line.split(' ').includes(o.word))
      ? []
      : [{ summary: 'add', steps: [sh(o.script, { words: [o.word] })], touches: [`line:${o.word}`] }],
});

/** Begins something, which is judged later. */
const begin = defineTask({
  kind: 'begin',
  options: z.strictObject({
    name: z.string(),
    path: z.string(),
    begin: z.string().default(''),
    judge: z.string().default(''),
    atEnd: z.string().optional(),
  }),
  subject: (o) => o.name,
  reads: (o) => ({ lines: lines({ path: o.path, of: o.name }) }),
  plan: (o, now) =>
    now.lines.includes(`begin ${o.name}`)
      ? []
      : [
          {
            summary: 'begin',
            steps: [
              sh(`echo begin ${o.name} >>${o.path}\n${o.begin}`, {
                afterwards: `echo judge ${o.name} >>${o.path}\n${o.judge}`,
                atEnd: o.atEnd,
              }),
            ],
            touches: [`line:${o.name}`],
          },
        ],
});

/** The name of a folder's group. */
function groupOf(folder: string): string {
  return execFileSync('stat', ['-c', '%G', folder], { encoding: 'utf8' }).trim();
}

describe('engine/jobPlan, on this machine', () => {
  let dir: string;
  let path: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'job-'));
    path = join(dir, 'log');
  });
  afterEach(() => {
    rmSync(dir, { recursive: true });
  });
  const log = () => readFileSync(path, 'utf8').trim().split('\n');
  const add = (name: string, script: string) => word({ word: name, path, script });
  const faultsOf = (events: Awaited<ReturnType<typeof runHere>>['events']) =>
    events.flatMap((event) =>
      event.type === 'task' && event.fault !== undefined ? [`${event.id}: ${event.fault.message}`] : [],
    );

  it('does neighbouring steps with one script as one, and tells each of their tasks', async () => {
    const script = `echo "$@" >>${path}`;
    const { results, events } = await runHere(onePlay(() => [add('a', script), add('b', script), add('c', script)]));
    expect(log()).to.deep.equal(['a b c']);
    expect(results.map(([status]) => status)).to.deep.equal(['changed', 'changed', 'changed']);
    expect(events.flatMap((event) => (event.type === 'host-activity' ? [event.task] : []))).to.include('word a, word b, word c');
  });

  it('keeps apart what has other words to say or something else between', async () => {
    const script = `echo "$@" >>${path}`;
    const between = file({ path: `${dir}/between`, content: '' });
    await runHere(onePlay(() => [add('a', script), add('b', `${script}; true`), between, add('c', `${script}; true`)]));
    expect(log()).to.deep.equal(['a', 'b', 'c']);
  });

  it('does each by itself where they fail as one, and names the one that fails', async () => {
    const script = `for one; do [ "$one" != bad ] || { echo "no $one" >&2; false; }; done\necho "$@" >>${path}`;
    const book = onePlay(() => [add('a', script), add('bad', script), add('c', script)]);
    const { events, totals } = await runHere(book);
    expect(log()).to.deep.equal(['a']);
    expect(faultsOf(events)).to.deep.equal(['word bad: exit code 1: no bad']);
    expect(totals['here']).to.deep.include({ changed: 1, failed: 1 });
  });

  it('does not try by itself what says that it would be no use', async () => {
    const script = `echo "$@" >>${path}; exit 75`;
    const { events } = await runHere(onePlay(() => [add('a', script), add('b', script)]));
    expect(log()).to.deep.equal(['a b']);
    expect(faultsOf(events)).to.deep.equal(['word a: exit code 75']);
  });

  it('begins all neighbours before it judges the first, and all before what comes after them', async () => {
    const { totals } = await runHere(
      onePlay(() => [
        begin({ name: 'a', path }),
        begin({ name: 'b', path }),
        file({ path: `${dir}/after`, content: '' }),
        begin({ name: 'c', path, begin: `[ "$(tail -n 2 ${path} | head -n 1)" = 'judge b' ]` }),
      ]),
    );
    expect(log()).to.deep.equal(['begin a', 'begin b', 'judge a', 'judge b', 'begin c', 'judge c']);
    expect(totals['here']).to.deep.include({ changed: 4, failed: 0 });
  });

  it('lets a judgement fail its own task, judges the others, and goes no further', async () => {
    const { events, totals } = await runHere(
      onePlay(() => [
        begin({ name: 'a', path, judge: 'echo it died >&2; false' }),
        begin({ name: 'b', path }),
        begin({ name: 'c', path, judge: 'false' }),
        file({ path: `${dir}/after`, content: '' }),
      ]),
    );
    expect(log()).to.deep.equal(['begin a', 'begin b', 'begin c', 'judge a', 'judge b', 'judge c']);
    expect(faultsOf(events)).to.deep.equal(['begin a: exit code 1: it died', 'begin c: exit code 1']);
    expect(totals['here']).to.deep.include({ changed: 1, failed: 2 });
    expect(existsSync(`${dir}/after`)).to.equal(false);
  });

  it('does once, after the last of those that follow each other, what they leave to the end', async () => {
    const atEnd = `echo end >>${path}`;
    const { events, totals } = await runHere(
      onePlay(() => [
        begin({ name: 'a', path, atEnd }),
        file({ path: `${dir}/between`, content: '' }),
        begin({ name: 'b', path, atEnd }),
        begin({ name: 'c', path }),
        begin({ name: 'd', path, atEnd, judge: 'false' }),
        begin({ name: 'e', path, atEnd }),
        file({ path: `${dir}/after`, content: '' }),
      ]),
    );
    const together = ['begin d', 'begin e', 'judge d', 'judge e', 'end'];
    expect(log()).to.deep.equal(['begin a', 'judge a', 'begin b', 'judge b', 'end', 'begin c', 'judge c', ...together]);
    expect(faultsOf(events)).to.deep.equal(['begin d: exit code 1']);
    expect(totals['here']).to.deep.include({ changed: 5, failed: 1 });
  });

  it('tells the first task of those that left it when it cannot be done', async () => {
    const atEnd = 'echo no room >&2; false';
    const { events, totals } = await runHere(
      onePlay(() => [begin({ name: 'a', path, atEnd }), begin({ name: 'b', path, atEnd })]),
    );
    expect(faultsOf(events)).to.deep.equal(['begin a: exit code 1: no room']);
    expect(totals['here']).to.deep.include({ changed: 1, failed: 1 });
  });

  it('judges what was begun where a later one cannot begin', async () => {
    const { events } = await runHere(
      onePlay(() => [
        begin({ name: 'a', path, judge: 'echo it died >&2; false' }),
        begin({ name: 'b', path, begin: 'echo it needs a >&2; false' }),
        begin({ name: 'c', path }),
      ]),
    );
    expect(log()).to.deep.equal(['begin a', 'begin b', 'judge a']);
    expect(faultsOf(events)).to.deep.equal(['begin a: exit code 1: it died', 'begin b: exit code 1: it needs a']);
  });

  it('sends small files and trees with the job, and large ones beside it', async () => {
    const { username } = userInfo();
    mkdirSync(`${dir}/own/sub`, { recursive: true });
    writeFileSync(`${dir}/own/one`, "it's 1\nDATA_END\n");
    writeFileSync(`${dir}/own/sub/two`, Buffer.from([0, 255, 10, 39]));
    const send = async (name: string) =>
      await runHere(
        onePlay(() => [
          tree({ src: `${dir}/own`, path: `${dir}/${name}`, owner: username, group: groupOf(dir) }),
          file({ path: `${dir}/${name}-one`, src: `${dir}/own/one`, mode: '0604' }),
        ]),
      );
    const { exchanges, totals } = await send('small');
    expect(totals['here']).to.deep.include({ changed: 2, failed: 0 });
    // Read all, lock, job, read all again.
    expect(exchanges).to.equal(4);
    expect(readFileSync(`${dir}/small/sub/two`)).to.deep.equal(Buffer.from([0, 255, 10, 39]));
    expect(readFileSync(`${dir}/small-one`, 'utf8')).to.equal("it's 1\nDATA_END\n");
    expect(statSync(`${dir}/small-one`).mode & 0o777).to.equal(0o604);
    writeFileSync(`${dir}/own/large`, randomBytes(40_000));
    const large = await send('large');
    expect(large.totals['here']).to.deep.include({ changed: 2, failed: 0 });
    expect(large.exchanges).to.be.greaterThan(exchanges);
    expect(readFileSync(`${dir}/large/large`)).to.deep.equal(readFileSync(`${dir}/own/large`));
  });

  it('takes as many exchanges for a hundred tasks of several kinds as for ten', async () => {
    const some = (count: number, folder: string) =>
      onePlay(() =>
        Array.from({ length: count }, (_, index) =>
          index % 2 === 0
            ? file({ path: `${dir}/${folder}-${index}`, content: 'x' })
            : begin({ name: `${folder}-${index}`, path }),
        ),
      );
    const few = await runHere(some(10, 'few'));
    const many = await runHere(some(100, 'many'));
    expect(many.totals['here']).to.deep.include({ changed: 100 });
    expect(many.exchanges).to.equal(few.exchanges);
  });
});
