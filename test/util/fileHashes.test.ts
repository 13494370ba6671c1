import { expect } from 'chai';
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileHashes } from '../../src/util/fileHashes.js';
import { blake2b } from '../../src/util/hash.js';

describe('util/fileHashes', () => {
  let folder: string;
  let before: string | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'provision-hashes-'));
    before = process.env['XDG_CACHE_HOME'];
    process.env['XDG_CACHE_HOME'] = join(folder, 'cache');
  });

  afterEach(() => {
    if (before === undefined) delete process.env['XDG_CACHE_HOME'];
    else process.env['XDG_CACHE_HOME'] = before;
    rmSync(folder, { recursive: true });
  });

  /** The hashes of some of the folder's files, which are then all that it has. */
  async function hash(...names: readonly string[]): Promise<readonly string[]> {
    const hashes = fileHashes(folder);
    const found = await Promise.all(
      names.map((name) => hashes.of(join(folder, name), name, lstatSync(join(folder, name), { bigint: true }))),
    );
    hashes.keep();
    return found;
  }

  /** Waits until a file is as old as those whose hashes are kept. */
  async function grown(name: string): Promise<void> {
    while (Date.now() - statSync(join(folder, name)).ctimeMs < 3050) await delay(100);
  }

  async function until(isSo: () => Promise<boolean>): Promise<void> {
    while (!(await isSo())) await delay(10);
  }

  /** What is kept, once it is written. */
  async function kept(): Promise<string> {
    const cache = join(folder, 'cache/provision/hashes');
    await until(() => Promise.resolve(existsSync(cache) && readdirSync(cache).some((name) => name.endsWith('.json'))));
    return readFileSync(join(cache, readdirSync(cache)[0] ?? ''), 'utf8');
  }

  it('hashes small and large files, and anew when they change, even if their size and times are set back', async () => {
    const small = join(folder, 'small');
    writeFileSync(small, 'one');
    writeFileSync(join(folder, 'large'), Buffer.alloc(3_000_000, 7));
    expect(await hash('large', 'small')).to.deep.equal([blake2b(Buffer.alloc(3_000_000, 7)), blake2b('one')]);
    const { atime, mtime } = statSync(small);
    writeFileSync(small, 'two');
    utimesSync(small, atime, mtime);
    expect(await hash('small')).to.deep.equal([blake2b('two')]);
  });

  it('keeps nothing of a file that has just changed', async () => {
    writeFileSync(join(folder, 'new'), 'one');
    await hash('new');
    expect(readdirSync(folder)).to.deep.equal(['new']);
  });

  it('keeps the hashes of those that have not, and of none that is gone', async () => {
    for (const name of ['gone', 'old']) writeFileSync(join(folder, name), name);
    await grown('old');
    const names = async (): Promise<unknown> => (JSON.parse(await kept()) as string[][]).map(([name]) => name);
    await hash('gone', 'old');
    expect(JSON.parse(await kept())).to.have.nested.property('[1][2]', blake2b('old'));
    expect(await names()).to.deep.equal(['gone', 'old']);
    await hash('old');
    await until(async () => String(await names()) === 'old');
  }).timeout(20_000);
});
