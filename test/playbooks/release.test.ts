import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { releaseOf } from '../../playbooks/roles/release.js';

describe('playbooks/roles/release', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'release-'));
    mkdirSync(join(dir, 'sub'));
    writeFileSync(join(dir, 'server.js'), 'one');
    writeFileSync(join(dir, 'sub/page.html'), 'two');
  });
  afterEach(() => {
    rmSync(dir, { recursive: true });
  });

  it('names a folder after what it holds: the same files are the same release', () => {
    const before = releaseOf(dir, undefined);
    expect(before).to.deep.include({ kind: 'folder', folder: dir });
    expect(before.id).to.match(/^[0-9a-f]{12}$/);
    writeFileSync(join(dir, 'server.js'), 'one');
    expect(releaseOf(dir, undefined).id).to.equal(before.id);
    writeFileSync(join(dir, 'sub/page.html'), 'three');
    expect(releaseOf(dir, undefined).id).to.not.equal(before.id);
    expect(releaseOf(dir, 'v2').id).to.equal('v2');
  });

  it('knows repositories by how they are written', () => {
    for (const source of [
      'https://git.example.org/a/shop.git',
      'git@git.example.org:a/shop.git',
      'ssh://git@git.example.org/a/shop',
      '/srv/git/shop.git',
    ]) {
      expect(releaseOf(source, 'v1.2'), source).to.deep.include({
        kind: 'git',
        id: 'shop-v1.2',
        repository: source,
        version: 'v1.2',
      });
    }
  });
});
