import { expect } from 'chai';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ABSENT, fileState } from '../../src/facts/file.js';
import { TaskError } from '../../src/model/errors.js';
import { sha256 } from '../../src/util/hash.js';
import { askLocally } from '../support/shell.js';

describe('facts/file', () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), "it's a | test -> "))));
  afterEach(() => {
    rmSync(dir, { recursive: true });
  });

  it('tells files, folders, links and absence, in one script and in order', () => {
    writeFileSync(join(dir, 'a'), 'hello\n');
    chmodSync(join(dir, 'a'), 0o640);
    symlinkSync('a', join(dir, 'l'));
    const [gone, a, folder, l] = askLocally(
      fileState({ path: join(dir, 'gone') }),
      fileState({ path: join(dir, 'a') }),
      fileState({ path: dir }),
      fileState({ path: join(dir, 'l') }),
    );
    expect(gone).to.deep.equal(ABSENT);
    expect(a).to.deep.include({ type: 'file', mode: '0640', size: 6, sha256: sha256('hello\n'), content: undefined });
    expect(folder).to.deep.include({ type: 'directory', mode: '0700' });
    expect(l).to.deep.include({ type: 'link', target: 'a' });
  });

  it('sends the content only where it is not what was expected', () => {
    writeFileSync(join(dir, 'same'), 'é\n');
    writeFileSync(join(dir, 'other'), 'ü\n\n');
    const [same, other] = askLocally(
      fileState({ path: join(dir, 'same'), contentUnless: [sha256('é\n')] }),
      fileState({ path: join(dir, 'other'), contentUnless: [sha256('é\n')] }),
    );
    expect(same?.content).to.equal(undefined);
    expect(other?.content).to.equal('ü\n\n');
  });

  it('does not take for absent what cannot be looked at', () => {
    symlinkSync('loop', join(dir, 'loop'));
    const file = (path: string) => fileState({ path: join(dir, path) });
    expect(askLocally(file('gone/deeper'))).to.deep.equal([ABSENT]);
    expect(() => askLocally(file('gone'), file('loop/deeper'))).to.throw(
      TaskError,
      /loop\/deeper.*Too many levels of symbolic links/,
    );
    const { query } = fileState({ path: '/' }).fact.queries([{ path: '/' }])[0] ?? expect.fail('asks nothing');
    expect(() => query.parse({ code: 2, stdout: '', stderr: 'sh: 1: Cannot fork' })).to.throw(TaskError, /Cannot fork/);
  });
});
