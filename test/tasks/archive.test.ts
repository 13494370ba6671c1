import { expect } from 'chai';
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ABSENT } from '../../src/facts/file.js';
import { InputError, PlanError } from '../../src/model/errors.js';
import { reveal } from '../../src/util/secret.js';
import type { PrepareEnvironment } from '../../src/model/task.js';
import { archive } from '../../src/tasks/archive.js';
import { applyLocally, needsRoot } from '../support/apply.js';
import { planAfter, planOn } from '../support/plan.js';

const here: PrepareEnvironment = { resolve: (path) => path };

describe('tasks/archive', () => {
  before(needsRoot);
  let dir: string;
  let path: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "it's a "));
    path = join(dir, 'new/dest');
    mkdirSync(join(dir, 'app-1/bin'), { recursive: true });
    writeFileSync(join(dir, 'app-1/bin/run'), 'one');
    chmodSync(join(dir, 'app-1/bin/run'), 0o755);
    writeFileSync(join(dir, 'app-1/.dot'), '');
    for (const name of ['app-1.tar.gz', 'app-1.tar.xz']) execFileSync('tar', ['-caf', join(dir, name), '-C', dir, 'app-1']);
  });
  afterEach(() => {
    rmSync(dir, { recursive: true });
  });

  it('unpacks without the leading folder, leaves nothing behind, and is then done', async () => {
    const src = join(dir, 'app-1.tar.gz');
    const [change] = await applyLocally(archive({ src, path, stripComponents: 1, owner: 'nobody', group: 'nogroup' }), here);
    expect(change?.summary).to.equal('unpack app-1.tar.gz');
    expect(readdirSync(path).sort()).to.deep.equal(['.dot', '.provision-archive', 'bin']);
    expect(statSync(join(path, 'bin/run')).mode & 0o777).to.equal(0o755);
    expect(statSync(join(path, 'bin/run')).uid).to.equal(65534);
    expect(statSync(path).uid).to.equal(65534);
  });

  it('unpacks another version over it, and keeps the folder as it was', async () => {
    await applyLocally(archive({ src: join(dir, 'app-1.tar.gz'), path }), here);
    chmodSync(path, 0o700);
    writeFileSync(join(dir, 'app-1/bin/run'), 'two');
    execFileSync('tar', ['-caf', join(dir, 'app-2.tar.xz'), '-C', dir, 'app-1']);
    const [change] = await applyLocally(archive({ src: join(dir, 'app-2.tar.xz'), path }), here);
    expect(change?.summary).to.equal('unpack app-2.tar.xz, another one than is there');
    expect(readFileSync(join(path, 'app-1/bin/run'), 'utf8')).to.equal('two');
    expect(statSync(path).mode & 0o777).to.equal(0o700);
  });

  it('asks only whether a path is there, where that is said to tell', async () => {
    const task = archive({ src: join(dir, 'app-1.tar.gz'), path, creates: join(path, 'app-1/bin') });
    await applyLocally(task, here);
    expect(existsSync(join(path, '.provision-archive'))).to.equal(false);
    expect(await applyLocally(task, here)).to.deep.equal([]);
  });

  it('downloads what has the right SHA-256, and refuses what has not', async () => {
    const body = readFileSync(join(dir, 'app-1.tar.gz'));
    const server = createServer((_, response) => response.end(body)).listen(0, '127.0.0.1');
    await new Promise((done) => server.once('listening', done));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/app.tgz?x`;
    const sha = execFileSync('sha256sum', [join(dir, 'app-1.tar.gz')], { encoding: 'utf8' }).slice(0, 64);
    const run = async (sha256: string): Promise<number | null> => {
      const [change] = await planOn(archive({ url, sha256, path }), { file: ABSENT });
      const script = change?.steps.map((step) => (step.kind === 'shell' ? reveal(step.script) : '')).join('\n') ?? '';
      return new Promise((done) => spawn('sh', ['-ec', script], { stdio: 'ignore' }).once('close', done));
    };
    try {
      expect(await run('0'.repeat(64))).to.equal(1);
      expect(readdirSync(path)).to.deep.equal([]);
      expect(await run(sha)).to.equal(0);
      expect(readFileSync(join(path, 'app-1/bin/run'), 'utf8')).to.equal('one');
    } finally {
      server.close();
    }
  });

  it('predicts that it is there, on a bare host', async () => {
    for (const more of [{}, { creates: '/x/y' }]) {
      const task = archive({ src: join(dir, 'app-1.tar.gz'), path: '/x', ...more });
      expect(await planAfter(task, { file: ABSENT, exists: false }, here)).to.deep.equal([]);
    }
  });

  it('refuses a file in its place and options that make no sense', async () => {
    const blocked = planOn(archive({ src: join(dir, 'app-1.tar.gz'), path }), { file: { ...ABSENT, type: 'file' } }, here);
    expect(await blocked.catch((e: unknown) => e)).to.be.instanceOf(PlanError);
    expect(() => archive({ src: 'a.rar', path })).to.throw(InputError, 'expected a name that ends in');
    expect(() => archive({ url: 'http://x/a.zip', path })).to.throw(InputError, 'expected sha256 with url');
  });

  const zip = existsSync('/usr/bin/unzip') && existsSync('/usr/bin/zip');
  (zip ? it : it.skip)('unpacks a zip', async () => {
    execFileSync('zip', ['-qr', 'a.zip', 'app-1'], { cwd: dir });
    await applyLocally(archive({ src: join(dir, 'a.zip'), path, stripComponents: 1 }), here);
    expect(readdirSync(path).sort()).to.deep.equal(['.dot', '.provision-archive', 'bin']);
  });
});
