import { expect } from 'chai';
import type { AptLists } from '../../src/facts/aptLists.js';
import { ABSENT } from '../../src/facts/file.js';
import { InputError } from '../../src/model/errors.js';
import { aptRepository } from '../../src/tasks/aptRepository.js';
import { packages } from '../../src/tasks/packages.js';
import { planAfter, planOn } from '../support/plan.js';
import { runLocally } from '../support/shell.js';

const lists: AptLists = { present: true, ageSeconds: 60, outdated: false };
const key = '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQ==\n-----END PGP PUBLIC KEY BLOCK-----';
const base = { name: 'node', uris: ['https://deb.example.org/node'], suites: ['bookworm'] };
const task = aptRepository({ ...base, signedBy: key });
const bare = { file: ABSENT, aptLists: lists };

describe('tasks/aptRepository', () => {
  it('writes key and sources, then fetches its lists, as one change of two parts', async () => {
    const [change, ...more] = await planOn(task, bare);
    expect(more).to.deep.equal([]);
    expect(change?.steps.map((step) => (step.kind === 'put' ? step.path : step.kind))).to.deep.equal([
      'shell',
      '/etc/apt/keyrings/node.asc',
      '/etc/apt/sources.list.d/node.sources',
      'shell',
    ]);
    expect(change?.parts?.[1]?.diff?.after).to.equal(
      [
        '# Managed by provision.',
        'Types: deb',
        'URIs: https://deb.example.org/node',
        'Suites: bookworm',
        'Components: main',
        'Signed-By: /etc/apt/keyrings/node.asc',
        '',
      ].join('\n'),
    );
    expect(await planAfter(task, bare)).to.deep.equal([]);
  });

  it('lets a package of it be planned before its lists are known', async () => {
    const [change] = await planOn(task, bare);
    const after = change?.predicts?.find(({ key: of }) => of === 'aptLists()')?.value;
    const unknown = { status: 'absent', held: false, known: false, near: [] };
    const [install] = await planOn(packages({ name: 'node-of-theirs' }), { package: unknown, aptLists: after });
    expect(install?.summary).to.equal('install node-of-theirs newest');
  });

  it('leaves components out where a suite is a path, and names a keyring that is there', async () => {
    const flat = aptRepository({ ...base, suites: ['./'], signedBy: '/usr/share/keyrings/x.gpg' });
    const [change] = await planOn(flat, bare);
    expect(change?.parts?.map(({ summary }) => summary)).to.deep.equal(['sources: create']);
    expect(change?.parts?.[0].diff?.after).to.contain('Suites: ./\nSigned-By: /usr/share/keyrings/x.gpg\n');
  });

  it('fetches lists where a run ended before it did', async () => {
    const predicted = Object.fromEntries(
      (await planOn(task, bare)).flatMap((change) => change.predicts ?? []).map(({ key: of, value }) => [of, value]),
    );
    const values = { ...predicted, 'aptLists()': { ...lists, outdated: true } };
    expect((await planOn(task, values)).map(({ summary }) => summary)).to.deep.equal(['fetch its lists']);
  });

  it('removes both files', async () => {
    const absent = aptRepository({ name: 'node', state: 'absent' });
    expect(await planOn(absent, bare)).to.deep.equal([]);
    const there = { ...bare, file: { ...ABSENT, type: 'file', content: 'x' } };
    expect((await planOn(absent, there))[0]?.summary).to.equal('remove');
    expect(await planAfter(absent, there)).to.deep.equal([]);
  });

  it('writes scripts that a POSIX shell takes', async () => {
    const changes = [
      ...(await planOn(task, bare)),
      ...(await planOn(aptRepository({ name: 'node', state: 'absent' }), { ...bare, file: { ...ABSENT, type: 'file' } })),
    ];
    for (const step of changes.flatMap((change) => change.steps)) {
      if (step.kind !== 'shell') continue;
      expect(runLocally(`set -n\n${String(step.script)}`)).to.deep.include({ code: 0, stderr: '' });
    }
  });

  it('refuses what makes no repository', () => {
    expect(() => aptRepository({ name: 'a', uris: ['x'] })).to.throw(InputError, 'uris, suites and signedBy');
    expect(() => aptRepository({ ...base, signedBy: 'key.asc' })).to.throw(InputError, 'armored public key');
    expect(() => aptRepository({ ...base, name: 'A b', signedBy: key })).to.throw(InputError, 'lower-case');
    expect(() => aptRepository({ ...base, uris: ['a b'], signedBy: key })).to.throw(InputError, 'one word');
  });
});
