import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forgetJob, gone } from '../../src/transport/scripts.js';
import { quote } from '../../src/util/shell.js';
import { runLocally } from '../support/shell.js';

describe('transport/scripts', () => {
  let folder: string;
  let job: string;
  const files = ['script', 'pid', 'out', 'err'];
  const look = () => `J=${quote(job)}; ${gone('token', job)}`;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'job-'));
    job = join(folder, 'a1');
    mkdirSync(join(job, 'started'), { recursive: true });
    for (const name of files) writeFileSync(join(job, name), '');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('tells of a job that was killed, and not of one that ended by itself', () => {
    expect(runLocally(look()).stdout).to.equal('\ntoken X a1\n');
    writeFileSync(join(job, 'done'), '');
    expect(runLocally(look()).stdout).to.equal('');
  });

  it('says nothing of an ended job, however far its folder is removed: that would cut the next answer in two', () => {
    writeFileSync(join(job, 'done'), '');
    // The folder's files in the order that is the worst for it: `done` first.
    const removing = `rm() { shift; shift; for one; do
      if [ -d "$one" ]; then for name in done ${files.join(' ')}; do command rm -f -- "$one/$name"; ${look()}; done; command rm -rf -- "$one"
      else command rm -f -- "$one"; fi; ${look()}; done; }`;
    const { stdout, code } = runLocally(`${removing}\n${look()}\n${forgetJob(job)}`);
    expect(stdout).to.equal('');
    expect(code).to.equal(0);
    expect(runLocally(`[ -e ${quote(job)} ]`).code).to.equal(1);
  });
});
