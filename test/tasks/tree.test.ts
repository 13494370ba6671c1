import { expect } from 'chai';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError, PlanError } from '../../src/model/errors.js';
import type { PrepareEnvironment } from '../../src/model/task.js';
import { tree } from '../../src/tasks/tree.js';
import { applyLocally, needsRoot, planLocally } from '../support/apply.js';
import { planAfter, planOn } from '../support/plan.js';

const here: PrepareEnvironment = { resolve: (path) => path };

describe('tasks/tree', () => {
  before(needsRoot);
  let dir: string;
  let src: string;
  let path: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "it's a "));
    src = join(dir, 'src');
    path = join(dir, 'new', 'dest');
    mkdirSync(join(src, 'bin'), { recursive: true });
    mkdirSync(join(src, 'empty'));
    writeFileSync(join(src, '.hidden'), 'h');
    writeFileSync(join(src, '-odd\nname \\ é'), 'odd');
    writeFileSync(join(src, 'bin/run'), '#!/bin/sh\n');
    chmodSync(join(src, 'bin/run'), 0o700);
    symlinkSync('../nowhere', join(src, 'bin/link'));
  });
  afterEach(() => {
    rmSync(dir, { recursive: true });
  });

  it('copies all of a folder: dot files, links, empty folders, odd names, execute bits', async () => {
    const [change] = await applyLocally(tree({ src, path, fileMode: '0640' }), here);
    expect(change?.summary).to.equal('create: 7 new (14 bytes to send)');
    expect(readFileSync(join(path, '-odd\nname \\ é'), 'utf8')).to.equal('odd');
    expect(readlinkSync(join(path, 'bin/link'))).to.equal('../nowhere');
    expect(statSync(join(path, 'bin/run')).mode & 0o777).to.equal(0o750);
    expect(statSync(join(path, '.hidden')).mode & 0o777).to.equal(0o640);
    expect(existsSync(join(path, 'empty'))).to.equal(true);
  });

  it('sends only what differs, mends modes in place, and leaves what is not its own', async () => {
    await applyLocally(tree({ src, path }), here);
    writeFileSync(join(path, '.hidden'), 'drift');
    writeFileSync(join(path, 'mine'), 'x');
    chmodSync(join(path, 'bin'), 0o700);
    const [change] = await applyLocally(tree({ src, path }), here);
    expect(change?.summary).to.equal('1 changed, 1 with another owner or mode (1 bytes to send)');
    const unpack = change?.steps.find((step) => step.kind === 'unpack');
    expect(unpack?.kind === 'unpack' ? unpack.entries.map((entry) => entry.path) : []).to.deep.equal(['.hidden']);
    expect(change?.diff?.before).to.match(/^\.hidden {2}0644 root:root [0-9a-f]{12}\nbin\/ {2}0700 root:root\n$/);
    expect(existsSync(join(path, 'mine'))).to.equal(true);
  });

  it('removes what is not wanted where told to, but nothing excluded nor the folders it is in', async () => {
    await applyLocally(tree({ src, path }), here);
    for (const folder of ['extra/a/b', 'extra/cache', 'gone/deep']) mkdirSync(join(path, folder), { recursive: true });
    for (const file of ['extra/a/b/f', 'extra/cache/keep', 'gone/deep/f', 'note.log']) writeFileSync(join(path, file), '');
    const [change] = await applyLocally(tree({ src, path, delete: true, exclude: ['/extra/ca*', '*.log'] }), here);
    expect(change?.summary).to.equal('2 removed');
    expect(existsSync(join(path, 'extra/cache/keep')) && existsSync(join(path, 'note.log'))).to.equal(true);
    expect(existsSync(join(path, 'extra/a')) || existsSync(join(path, 'gone'))).to.equal(false);
  });

  it('replaces a link or file by a folder, but a folder only with delete', async () => {
    await applyLocally(tree({ src, path }), here);
    rmSync(join(path, 'empty'), { recursive: true });
    symlinkSync('/etc', join(path, 'empty'));
    rmSync(join(path, '.hidden'));
    mkdirSync(join(path, '.hidden/sub'), { recursive: true });
    const error: unknown = await planLocally(tree({ src, path }), here).catch((e: unknown) => e);
    expect(error).to.be.instanceOf(PlanError);
    await applyLocally(tree({ src, path, delete: true }), here);
    expect(statSync(join(path, 'empty')).isDirectory()).to.equal(true);
    expect(existsSync('/etc/passwd')).to.equal(true);
    const blocked = tree({ src, path, delete: true, exclude: ['sub'] });
    rmSync(join(path, '.hidden'));
    mkdirSync(join(path, '.hidden/sub'), { recursive: true });
    expect(await planLocally(blocked, here).catch((e: unknown) => e)).to.match(/holds excluded files/);
  });

  it('predicts what will be there, on a bare host and with leftovers', async () => {
    for (const options of [{ delete: true }, { delete: false }]) {
      const task = tree({ src, path, ...options });
      const extra = { path: 'x', type: 'file', mode: '0644', owner: 'a', group: 'a', hash: '0' };
      expect(await planAfter(task, { tree: { type: 'absent' } }, here)).to.deep.equal([]);
      expect(await planAfter(task, { tree: { type: 'directory', digest: '0', items: [extra] } }, here)).to.deep.equal([]);
    }
  });

  it('refuses a file in its place, a source that is no folder, and the root', async () => {
    expect(await planOn(tree({ src, path }), { tree: { type: 'link' } }, here).catch((e: unknown) => e)).to.be.instanceOf(
      PlanError,
    );
    const noFolder = tree({ src: join(src, '.hidden'), path });
    expect(await noFolder.prepare(here).catch((e: unknown) => e)).to.be.instanceOf(InputError);
    expect(() => tree({ src, path: '/' })).to.throw(InputError, 'not /');
  });
});
