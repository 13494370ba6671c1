import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isCompressible } from '../../src/engine/compressible.js';
import type { TreeEntry } from '../../src/model/change.js';

describe('engine/compressible', () => {
  let dir: string;
  const entries = (contents: readonly (string | Buffer)[]): readonly TreeEntry[] =>
    contents.map((content, index) => {
      const localFile = join(dir, `file-${index}`);
      writeFileSync(localFile, content);
      return { path: `file-${index}`, type: 'file', mode: '0644', localFile, size: content.length };
    });
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'compressible-'));
  });
  afterEach(() => {
    rmSync(dir, { recursive: true });
  });

  const text = 'server { listen 80; }\n'.repeat(2000);

  it('is true of text, and not of what is packed already', async () => {
    expect(await isCompressible(entries(Array.from({ length: 40 }, () => text)))).to.equal(true);
    expect(await isCompressible(entries(Array.from({ length: 40 }, () => randomBytes(20_000))))).to.equal(false);
  });

  it('is not worth a look for little, nor for a tree without files', async () => {
    expect(await isCompressible(entries([text]))).to.equal(false);
    expect(await isCompressible([{ path: 'a', type: 'directory', mode: '0755' }])).to.equal(false);
  });
});
