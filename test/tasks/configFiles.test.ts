import { expect } from 'chai';
import { ABSENT, type FileState } from '../../src/facts/file.js';
import { shownParts } from '../../src/model/change.js';
import { InputError, PlanError } from '../../src/model/errors.js';
import { configFiles } from '../../src/tasks/configFiles.js';
import { sha256 } from '../../src/util/hash.js';
import { planAfter, planOn } from '../support/plan.js';

const conf: FileState = {
  type: 'file',
  mode: '0644',
  owner: 'root',
  group: 'root',
  size: 4,
  sha256: sha256('old\n'),
  content: 'old\n',
};

const set = configFiles({
  name: 'nginx',
  files: [
    { path: '/etc/nginx/a.conf', content: 'new\n', mode: '0640' },
    { path: '/etc/nginx/same.conf', content: 'old\n' },
    { path: '/etc/nginx/sites-enabled/a', link: '../a.conf' },
    { path: '/etc/nginx/sites-enabled/default', state: 'absent' },
  ],
  validate: 'nginx -t',
});

const built = { file: conf, 'file(/etc/nginx/sites-enabled/a)': ABSENT };

describe('tasks/configFiles', () => {
  it('shows each file that differs, and makes them all in one validated step', async () => {
    const changes = await planOn(set, built);
    expect(changes).to.have.length(1);
    const [change] = changes;
    expect(change === undefined ? [] : shownParts(change)).to.deep.equal([
      { summary: '/etc/nginx/a.conf: content, mode 0644 → 0640', diff: { before: 'old\n', after: 'new\n' } },
      { summary: '/etc/nginx/sites-enabled/a: create, to ../a.conf', diff: { before: undefined, after: '-> ../a.conf\n' } },
      { summary: '/etc/nginx/sites-enabled/default: remove', diff: { before: 'old\n', after: undefined } },
    ]);
    const [step, ...others] = change?.steps ?? [];
    expect(others).to.deep.equal([]);
    expect(step).to.deep.include({
      kind: 'validated',
      validate: 'nginx -t',
      paths: ['/etc/nginx/a.conf', '/etc/nginx/sites-enabled/a', '/etc/nginx/sites-enabled/default'],
    });
    expect(step?.kind === 'validated' ? step.steps.map(({ kind }) => kind) : []).to.deep.equal(['put', 'shell', 'shell']);
  });

  it('predicts the whole set, on a built and on a bare host', async () => {
    expect(await planAfter(set, built)).to.deep.equal([]);
    expect(await planAfter(set, { file: ABSENT })).to.deep.equal([]);
  });

  it('takes the place of a file by a link, but not that of a directory', async () => {
    const one = configFiles({ name: 'x', files: [{ path: '/etc/x', link: 'y' }], validate: 'true' });
    expect(await planAfter(one, { file: conf })).to.deep.equal([]);
    const error: unknown = await planOn(one, { file: { ...conf, type: 'directory' } }).catch((e: unknown) => e);
    expect(error).to.be.instanceOf(PlanError);
  });

  it('refuses what cannot be tried first, and what makes no sense', () => {
    const make = (file: object) => configFiles({ name: 'x', files: [file as { path: string }], validate: 'true' });
    expect(() => make({ path: '/srv/x', content: '' })).to.throw(InputError, 'files.0.path: expected a path under /etc');
    expect(() => make({ path: '/etc/x', content: '', link: 'y' })).to.throw(InputError, 'exactly one of');
    expect(() => make({ path: '/etc/x', content: '', vars: {} })).to.throw(InputError, 'vars goes with template');
    expect(() =>
      configFiles({
        name: 'x',
        files: [
          { path: '/etc/x', content: '' },
          { path: '/etc/x/', link: 'y' },
        ],
        validate: 'true',
      }),
    ).to.throw(InputError, 'named twice');
  });
});
