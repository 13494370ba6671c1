import { expect } from 'chai';
import { fileReports, ownWords, type OwnWords } from '../../../src/engine/rehearsal/fileReports.js';
import type { FileChange } from '../../../src/engine/rehearsal/fileChanges.js';
import { ABSENT, type FileState } from '../../../src/facts/file.js';
import { sh, type Change } from '../../../src/model/change.js';
import { Secret } from '../../../src/util/secret.js';

const text = (content: string | undefined, more: Partial<FileState> = {}): FileState => ({
  type: 'file',
  mode: '0644',
  owner: 'root',
  group: 'root',
  size: 10,
  sha256: `hash of ${content ?? 'what is not shown'}`,
  content,
  ...more,
});
const folder: FileState = { type: 'directory', mode: '0755', owner: 'root', group: 'root', size: 0 };
const created = (path: string, after: FileState = text('new\n')): FileChange => ({ path, before: ABSENT, after });
const NOTHING_OWN: OwnWords = { explained: new Set<string>(), secret: false };
const reports = (shown: readonly FileChange[], own = NOTHING_OWN, tainted: readonly string[] = []) =>
  fileReports({ shown, rest: [] }, own, new Set(tainted));

describe('engine/rehearsal/fileReports', () => {
  it('sums up what is new, changed and removed, a new folder as one, and tells each', () => {
    const all = [
      created('/etc/nginx', folder),
      created('/etc/nginx/nginx.conf'),
      created('/etc/nginx/sites/a'),
      created('/etc/default/nginx'),
      { path: '/etc/group', before: text('a\n'), after: text('b\n') },
      { path: '/etc/old', before: text('a\n'), after: ABSENT },
    ];
    expect(reports(all).map(({ summary }) => summary)).to.deep.equal([
      'puts 3 files under /etc (nginx/ with 2 files, default/nginx)',
      'changes 1 file under /etc (group)',
      'removes 1 file under /etc (old)',
      'create /etc/nginx (directory, 0755 root:root)',
      'create /etc/nginx/nginx.conf (10 bytes, 0644 root:root)',
      'create /etc/nginx/sites/a (10 bytes, 0644 root:root)',
      'create /etc/default/nginx (10 bytes, 0644 root:root)',
      '/etc/group: content',
      'remove /etc/old',
    ]);
    expect(reports(all).filter(({ detail }) => detail === true)).to.have.length(6);
    expect(reports(all)[7]?.diff).to.deep.equal({ before: 'a\n', after: 'b\n' });
  });

  it('sums up by folder what is not shown one by one', () => {
    const item = { original: '', type: 'file', size: 1_500_000 } as const;
    const rest = [
      { ...item, path: '/usr/bin/a' },
      { ...item, path: '/usr/bin/b' },
      { ...item, path: '/usr/share', type: 'directory' as const },
      { ...item, path: '/var/gone', type: 'removed' as const },
      { ...item, path: '/srv/app/main.js' },
    ];
    const own = { explained: new Set(['/srv/app/main.js']), secret: false };
    expect(fileReports({ shown: [], rest }, own, new Set())).to.deep.equal([
      { summary: '/usr: 2 files, 3.0 MB' },
      { summary: '/var: 1 removed' },
    ]);
  });

  it('tells modes, owners, links and kinds in words', () => {
    const link = (target: string): FileState => ({ ...folder, type: 'link', target });
    const told = reports([
      { path: '/etc/a', before: text('x'), after: text('x', { mode: '0600', owner: 'app' }) },
      { path: '/etc/b', before: link('c'), after: link('d') },
      { path: '/etc/e', before: link('c'), after: text('x') },
    ]).slice(1);
    expect(told.map(({ summary }) => summary)).to.deep.equal([
      '/etc/a: mode 0644 → 0600, owner root → app',
      '/etc/b: link c → d',
      '/etc/e: link to c → 10 bytes',
    ]);
    expect(told.map(({ diff }) => diff)).to.deep.equal([undefined, undefined, { before: undefined, after: 'x' }]);
  });

  it('shows no content that not everyone may read, that is no text, or that a secret got into', () => {
    const changes = [
      { path: '/etc/shadow', before: text(undefined), after: text(undefined, { sha256: 'other' }) },
      { path: '/etc/opened', before: text(undefined), after: text('was hidden before\n') },
      created('/etc/binary', text('a\0b')),
      created('/etc/tainted'),
    ];
    const told = reports(changes, NOTHING_OWN, ['/etc/tainted']).filter(({ detail }) => detail === true);
    expect(told.map(({ diff }) => diff)).to.deep.equal([undefined, undefined, undefined, undefined]);
    expect(told.map(({ summary }) => summary)).to.deep.equal([
      '/etc/shadow: content, not shown: not every account may read it',
      '/etc/opened: content, not shown: not every account may read it',
      'create /etc/binary (10 bytes, 0644 root:root), not text',
      'create /etc/tainted (10 bytes, 0644 root:root), not shown: the task holds a secret',
    ]);
    const secret = reports([created('/etc/any')], { explained: new Set(), secret: true });
    expect(secret.map(({ diff }) => diff)).to.deep.equal([undefined, undefined]);
  });

  it('takes known secrets out of what it shows', () => {
    const password = new Secret('pass-0042-word');
    expect(String(password)).to.equal('•••');
    const [, told] = reports([created('/etc/copied', text('p=pass-0042-word\n'))]);
    expect(told?.diff).to.deep.equal({ before: undefined, after: 'p=•••\n' });
  });

  it('leaves to a task what its own changes say', () => {
    const change: Change = {
      summary: 'create',
      steps: [{ kind: 'put', path: '/etc/own', content: { text: 'a' } }],
      touches: ['path:/etc/own'],
    };
    expect([...ownWords([change]).explained]).to.deep.equal(['/etc/own']);
    expect(reports([created('/etc/own')], ownWords([change]))).to.deep.equal([]);
    const install: Change = { summary: 'install', steps: [sh('apt-get')], touches: ['package:*', 'path:/etc/app.conf'] };
    expect([...ownWords([install]).explained]).to.deep.equal([]);
  });

  it('finds a secret in any step', () => {
    const secret = new Secret('a-secret-text');
    const of = (...steps: Change['steps']) => ownWords([{ summary: '', steps }]).secret;
    expect(of(sh('plain'))).to.equal(false);
    expect(of(sh(secret))).to.equal(true);
    expect(of(sh('plain'), { kind: 'put', path: '/etc/a', content: { text: secret } })).to.equal(true);
    expect(of({ kind: 'validated', steps: [sh(secret)], paths: [], validate: 'true' })).to.equal(true);
  });
});
