import { expect } from 'chai';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { InputError, TaskError } from '../../../src/model/errors.js';
import type { RunEvent } from '../../../src/model/event.js';
import { htmlPage, withHtml } from '../../../src/report/html/withHtml.js';
import { jsonReporter } from '../../../src/report/json.js';
import type { RunReporter } from '../../../src/report/reporter.js';
import { command } from '../../../src/tasks/command.js';
import { file } from '../../../src/tasks/file.js';
import { Secret, secretText } from '../../../src/util/secret.js';
import { onePlay, runHere } from '../../engine/support.js';
import { recordedRun } from '../../support/recordedRun.js';

describe('report/html/withHtml', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'provision-html-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('passes every event on, and writes one file at the end', async () => {
    let told = '';
    const target = join(folder, 'plan.html');
    const reporter = withHtml(jsonReporter({ write: (text) => (told += text) }), await htmlPage(target));
    const events = recordedRun('drift');
    for (const event of events) reporter.report(event);
    expect(readdirSync(folder)).to.deep.equal([]);
    await reporter.close();
    expect(told.split('\n')).to.have.length(events.length + 1);
    expect(readdirSync(folder)).to.deep.equal(['plan.html']);
    expect(readFileSync(target, 'utf8')).to.match(/^<!doctype html>[\s\S]*9 to change on 3 hosts[\s\S]*<\/html>\s*$/);
  });

  it('is the reporter itself without a page', () => {
    const reporter = silent();
    expect(withHtml(reporter, undefined)).to.equal(reporter);
  });

  it('tells several runs on one page', async () => {
    const page = await htmlPage(join(folder, 'runs.html'));
    for (const name of ['bare', 'drift'] as const) await tell(withHtml(silent(), page), recordedRun(name));
    const text = readFileSync(join(folder, 'runs.html'), 'utf8');
    expect(text.match(/<article/g)).to.have.length(2);
    expect(text).to.include('27 to change on 3 hosts').and.to.include('9 to change on 3 hosts');
    const ids = [...text.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it('says so where a run broke off, and leaves an older page where none began', async () => {
    const target = join(folder, 'x.html');
    writeFileSync(target, 'older');
    await tell(withHtml(silent(), await htmlPage(target)), []);
    expect(readFileSync(target, 'utf8')).to.equal('older');
    await tell(withHtml(silent(), await htmlPage(target)), recordedRun('drift').slice(0, 60));
    expect(readFileSync(target, 'utf8')).to.include('The run did not come to its end');
  });

  it('refuses before a run what it could not write after it', async () => {
    for (const [path, words] of [
      [join(folder, 'none', 'x.html'), /there is no folder .*none/],
      [folder, /is no regular file/],
      ['/dev/null', /is no regular file/],
    ] as const) {
      const error: unknown = await htmlPage(path).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(InputError).with.property('message').that.matches(words);
    }
  });

  it('follows a link, and leaves nothing where it cannot write', async () => {
    mkdirSync(join(folder, 'real'));
    writeFileSync(join(folder, 'real/x.html'), '');
    symlinkSync('real/x.html', join(folder, 'link.html'));
    await tell(withHtml(silent(), await htmlPage(join(folder, 'link.html'))), recordedRun('drift'));
    expect(readFileSync(join(folder, 'real/x.html'), 'utf8')).to.include('9 to change');
    const page = await htmlPage(join(folder, 'real/y.html'));
    rmSync(join(folder, 'real'), { recursive: true });
    const error: unknown = await tell(withHtml(silent(), page), recordedRun('drift')).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(TaskError).with.property('message').that.includes('y.html could not be written');
    expect(existsSync(join(folder, 'real'))).to.equal(false);
  });

  it('has no secret on it, of a change or of what a command said', async () => {
    const secret = new Secret('s3cret-"<&-value');
    const forms = ['s3cret-"<&-value', 's3cret-&quot;&lt;&amp;-value', 's3cret'];
    const path = join(folder, 'conf');
    writeFileSync(path, 'password=older-one\n', { mode: 0o600 });
    const book = onePlay(() => [
      file({ path, content: secretText`user=app\npassword=${secret}\n`, owner: userInfo().username }),
      command({ name: 'says it', run: secretText`echo 'it is ${secret}'; exit 3`, always: true }),
    ]);
    for (const dryRun of [true, false]) {
      const target = join(folder, 'page.html');
      await tell(withHtml(silent(), await htmlPage(target)), (await runHere(book, { dryRun })).events);
      const text = readFileSync(target, 'utf8');
      expect(text).to.include('user=app').and.to.include('•••');
      for (const form of forms) expect(text).not.to.include(form);
    }
    expect(readFileSync(path, 'utf8')).to.include('s3cret');
  });
});

function silent(): RunReporter {
  return { report: () => undefined, hold: (work) => work(), close: () => Promise.resolve() };
}

async function tell(reporter: RunReporter, events: readonly RunEvent[]): Promise<void> {
  for (const event of events) reporter.report(event);
  await reporter.close();
}
