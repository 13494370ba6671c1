import { expect } from 'chai';
import { ABSENT, CONTENT_LIMIT, type FileState } from '../../src/facts/file.js';
import { InputError, PlanError } from '../../src/model/errors.js';
import type { Task } from '../../src/model/task.js';
import { blockInFile } from '../../src/tasks/blockInFile.js';
import { lineInFile } from '../../src/tasks/lineInFile.js';
import { sha256 } from '../../src/util/hash.js';
import { Secret } from '../../src/util/secret.js';
import { planAfter, planOn } from '../support/plan.js';

function holding(content: string): { file: FileState } {
  const size = Buffer.byteLength(content);
  return { file: { type: 'file', mode: '0600', owner: 'root', group: 'root', size, sha256: sha256(content), content } };
}

async function refusal(task: Task, file: FileState): Promise<string> {
  const error: unknown = await planOn(task, { file }).catch((e: unknown) => e);
  expect(error).to.be.instanceOf(PlanError);
  return String(error);
}

const sshd = { path: '/etc/ssh/sshd_config', match: '^#?Port ', line: 'Port 22' };

describe('tasks/lineInFile', () => {
  it('shows the whole text on both sides, keeps owner and mode, and is then done', async () => {
    const task = lineInFile({ ...sshd, validate: 'sshd -t -f %s' });
    const [change] = await planOn(task, holding('#Port 99\nx\n'));
    expect(change).to.deep.include({ summary: 'content', diff: { before: '#Port 99\nx\n', after: 'Port 22\nx\n' } });
    expect(change?.steps[0]).to.deep.include({ kind: 'put', mode: undefined, validate: 'sshd -t -f %s' });
    expect(await planAfter(task, holding('#Port 99\nx\n'))).to.deep.equal([]);
    expect(await planOn(task, holding('Port 22'))).to.deep.equal([]);
  });

  it('mends the mode alone without a new text', async () => {
    const [change] = await planOn(lineInFile({ ...sshd, mode: '0644' }), holding('Port 22\n'));
    expect(change?.summary).to.equal('mode 0600 → 0644');
  });

  it('creates a missing file only where told to, and has nothing to remove from it', async () => {
    expect(await refusal(lineInFile(sshd), ABSENT)).to.contain('/etc/ssh/sshd_config is not there');
    expect(await planAfter(lineInFile({ ...sshd, create: true }), { file: ABSENT })).to.deep.equal([]);
    expect(await planOn(lineInFile({ ...sshd, state: 'absent' }), { file: ABSENT })).to.deep.equal([]);
  });

  it('shows no secret line, in the diff or the name', async () => {
    const task = lineInFile({ path: '/etc/env', match: '^KEY=', line: new Secret('KEY=new-one', 'KEY=•••') });
    const [change] = await planOn(task, holding('A=1\nKEY=old\n'));
    expect(task.id).to.equal('lineInFile /etc/env: KEY=•••');
    expect(change?.diff?.after).to.equal('A=1\nKEY=•••\n');
    expect(change?.diff?.before).not.to.contain('old');
  });

  it('refuses what is not text of a bearable size', async () => {
    const big: FileState = { ...holding('').file, size: CONTENT_LIMIT + 1, content: undefined };
    expect(await refusal(lineInFile(sshd), big)).to.contain(`over ${CONTENT_LIMIT} bytes`);
    expect(await refusal(lineInFile(sshd), { ...holding('a').file, content: '\ufffd' })).to.contain('not UTF-8');
    expect(await refusal(lineInFile(sshd), { ...ABSENT, type: 'link', target: 'x' })).to.contain('a link to x');
    expect(await refusal(lineInFile(sshd), { ...ABSENT, type: 'directory' })).to.contain('is a directory');
  });

  it('refuses options that make no sense', () => {
    expect(() => lineInFile({ path: '/a', match: '(' })).to.throw(InputError, 'match: expected a regular expression');
    expect(() => lineInFile({ path: '/a', match: 'a' })).to.throw(InputError, 'expected the line that is to be there');
    expect(() => lineInFile({ path: '/a', line: 'a\nb' })).to.throw(InputError, 'use blockInFile');
    expect(() => lineInFile({ path: '/a', line: 'a', insertAfter: 'b', insertBefore: 'c' })).to.throw(InputError, 'at most one');
  });
});

describe('tasks/blockInFile', () => {
  const task = blockInFile({ path: '/etc/hosts', block: '10.0.0.1 a\n' });
  const built = '127.0.0.1 localhost\n# BEGIN managed by provision\n10.0.0.1 a\n# END managed by provision\n';

  it('makes, keeps and removes the block', async () => {
    const [change] = await planOn(task, holding('127.0.0.1 localhost\n'));
    expect(change?.diff?.after).to.equal(built);
    expect(await planAfter(task, holding('127.0.0.1 localhost\n'))).to.deep.equal([]);
    expect(await planOn(task, holding(built))).to.deep.equal([]);
    const [removal] = await planOn(blockInFile({ path: '/etc/hosts', state: 'absent' }), holding(built));
    expect(removal?.diff?.after).to.equal('127.0.0.1 localhost\n');
  });

  it('refuses a file whose markers are damaged, and says where they stand', async () => {
    expect(await refusal(task, holding(built.replace('# END', '#')).file)).to.contain(
      '("# BEGIN managed by provision": line 2; "# END managed by provision": line none)',
    );
    expect(() => blockInFile({ path: '/a', block: '# END managed by provision' })).to.throw(InputError, 'marker line of its own');
  });
});
