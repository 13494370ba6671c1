import { expect } from 'chai';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ABSENT, fileState } from '../../src/facts/file.js';
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
});
