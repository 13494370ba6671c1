import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gitState, type GitState } from '../../src/facts/git.js';
import { InputError, PlanError } from '../../src/model/errors.js';
import { git } from '../../src/tasks/git.js';
import { applyLocally, needsRoot, planLocally } from '../support/apply.js';
import { planAfter, planOn } from '../support/plan.js';
import { askLocally, runLocally } from '../support/shell.js';

const commit = 'a'.repeat(40);
const bare: GitState = { git: true, type: 'absent', dirty: [], refs: { 'refs/heads/main': commit } };

async function refusal(options: object, now: GitState): Promise<string> {
  const task = git({ repo: 'https://x/app.git', path: '/srv/app', version: 'main', ...options });
  const error: unknown = await planOn(task, { git: now }).catch((e: unknown) => e);
  expect(error).to.be.instanceOf(PlanError);
  return String(error);
}

describe('tasks/git', () => {
  it('plans the commit that a branch means, shows no password, and predicts it', async () => {
    const task = git({ repo: 'https://ada:s3cret@x/app.git', path: '/srv/app', version: 'main' });
    expect((await planOn(task, { git: bare }))[0]?.summary).to.equal('clone https://•••@x/app.git at main (aaaaaaaa)');
    expect(await planAfter(task, { git: bare })).to.deep.equal([]);
  });

  it('takes a branch before a tag, and a tag by the commit that it stands for', async () => {
    const refs = { 'refs/tags/v1': 'b'.repeat(40), 'refs/tags/v1^{}': commit };
    const tag = git({ repo: 'r', path: '/srv/app', version: 'v1' });
    expect((await planOn(tag, { git: { ...bare, refs } }))[0]?.summary).to.contain('(aaaaaaaa)');
    expect(await planAfter(tag, { git: { ...bare, refs: { ...refs, 'refs/heads/v1': 'c'.repeat(40) } } })).to.deep.equal([]);
  });

  it('plans a clone where git is yet to come, without knowing the commit', async () => {
    const [change] = await planOn(git({ repo: 'r', path: '/srv/app', version: 'main' }), {
      git: { git: false, type: 'absent', dirty: [], refs: {} },
    });
    expect(change?.summary).to.equal('clone r at main');
    expect(change?.predicts?.map(({ key }) => key)).to.deep.equal(['folder(/srv)', 'folder(/srv/app)']);
  });

  it('says what is in the way', async () => {
    expect(await refusal({}, { ...bare, type: 'other' })).to.contain('neither a git working copy nor an empty folder');
    expect(await refusal({}, { ...bare, type: 'repo', dirty: [' M a', '?? b'] })).to.contain('local changes: a, b');
    expect(await refusal({}, { ...bare, remoteFault: 'fatal: no' })).to.contain('cannot ask https://x/app.git: fatal: no');
    expect(await refusal({ version: 'mian' }, { ...bare, refs: {} })).to.contain('no branch or tag mian');
    expect(await refusal({}, { ...bare, fault: 'dubious ownership' })).to.contain('dubious ownership');
    for (const version of ['-x', 'a..b', 'a b', 'a:b', '/a', 'a.lock', '']) {
      expect(() => git({ repo: 'r', path: '/a', version }), version).to.throw(InputError, 'version');
    }
    expect(() => git({ repo: '--upload-pack=x', path: '/a', version: 'main' })).to.throw(InputError, 'repo');
  });

  describe('on this machine', () => {
    let dir: string;
    let repo: string;
    let path: string;
    const inRepo = (...words: string[]) =>
      execFileSync('git', ['-C', repo, '-c', 'user.name=t', '-c', 'user.email=t@t', ...words], { encoding: 'utf8' }).trim();
    const record = (text: string): string => {
      writeFileSync(join(repo, 'file'), text);
      inRepo('add', '.');
      inRepo('commit', '-qm', text);
      return inRepo('rev-parse', 'HEAD');
    };
    const text = () => readFileSync(join(path, 'file'), 'utf8');

    beforeEach(() => {
      dir = mkdtempSync(join(tmpdir(), "it's a "));
      repo = join(dir, 'repo').replaceAll(' ', '_');
      mkdirSync(repo, { recursive: true });
      path = join(dir, 'new/copy');
      inRepo('init', '-q', '-b', 'main');
      record('one');
    });
    afterEach(() => {
      rmSync(dir, { recursive: true });
      rmSync(repo, { recursive: true, force: true });
    });

    it('clones, follows a branch, goes back to a tag and to a commit', async () => {
      const first = inRepo('rev-parse', 'HEAD');
      inRepo('tag', '-a', '-m', 'x', 'v1');
      const task = git({ repo, path, version: 'main' });
      expect((await applyLocally(task))[0]?.summary).to.match(/^clone .* at main \([0-9a-f]{8}\)$/);
      const second = record('two');
      expect((await applyLocally(task))[0]?.summary).to.equal(`${first.slice(0, 8)} → main (${second.slice(0, 8)})`);
      expect(text()).to.equal('two');
      await applyLocally(git({ repo, path, version: 'v1' }));
      expect(text()).to.equal('one');
      await applyLocally(git({ repo, path, version: second }));
      expect(text()).to.equal('two');
      await applyLocally(git({ repo, path, version: 'HEAD' }));
    });

    it('fetches no more history than it is told to', async () => {
      const first = inRepo('rev-parse', 'HEAD');
      record('two');
      await applyLocally(git({ repo: `file://${repo}`, path, version: 'main', depth: 1 }));
      expect(execFileSync('git', ['-C', path, 'rev-list', '--count', 'HEAD'], { encoding: 'utf8' })).to.equal('1\n');
      await applyLocally(git({ repo: `file://${repo}`, path, version: first, depth: 1 }));
      expect(text()).to.equal('one');
    });

    it('throws local changes away only by force, and leaves what git does not know', async () => {
      await applyLocally(git({ repo, path, version: 'main' }));
      writeFileSync(join(path, 'file'), 'mine');
      writeFileSync(join(path, 'untracked'), '');
      expect(await planLocally(git({ repo, path, version: 'main' })).catch((e: unknown) => e)).to.match(/local changes: file/);
      const [change] = await applyLocally(git({ repo, path, version: 'main', force: true }));
      expect(change?.summary).to.equal('discard changes to file');
      expect(text()).to.equal('one');
      expect(existsSync(join(path, 'untracked'))).to.equal(true);
    });

    it('takes another URL, and completes an interrupted clone', async () => {
      mkdirSync(path, { recursive: true });
      execFileSync('git', ['-C', path, 'init', '-q']);
      await applyLocally(git({ repo, path, version: 'main' }));
      const [change] = await applyLocally(git({ repo: `${repo}/.git`, path, version: 'main' }));
      expect(change?.summary).to.match(/^url .*repo → .*repo\/\.git$/);
    });

    it('works as another account, which then owns the copy', async function () {
      needsRoot.call(this);
      execFileSync('chmod', ['-R', 'a+rX', dir, join(repo, '..')]);
      execFileSync('chown', ['-R', 'nobody:', repo]);
      await applyLocally(git({ repo, path, version: 'main', user: 'nobody' }));
      expect(execFileSync('stat', ['-c', '%U', join(path, 'file')], { encoding: 'utf8' })).to.equal('nobody\n');
      const [gone] = askLocally(gitState({ repo, path, version: 'main', user: 'no-such' }));
      expect(gone?.fault).to.equal('there is no user no-such');
    });

    it('reports a repository that cannot be asked, and a host without git', () => {
      const [lost] = askLocally(gitState({ repo: join(dir, 'none'), path, version: 'main' }));
      expect(lost?.remoteFault).to.contain('does not appear to be a git repository');
      const [query] = gitState({ repo, path, version: 'main' }).fact.queries([{ repo, path, version: 'main' }]);
      const result = runLocally(`PATH=/nowhere\n${query?.query.script ?? ''}`);
      expect(query?.query.parse(result)).to.deep.equal([
        {
          git: false,
          type: 'absent',
          head: undefined,
          url: undefined,
          dirty: [],
          refs: {},
          fault: undefined,
          remoteFault: undefined,
        },
      ]);
    });
  });
});
