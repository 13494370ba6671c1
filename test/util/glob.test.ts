import { expect } from 'chai';
import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { matchesGlob, parseGlob } from '../../src/util/glob.js';

const paths = ['a', 'a.b', 'd', 'd/a', 'd/a.b', 'd/e', 'd/e/[x]', 'd/e/a^', 'd/e/a$', '.h', 'x\ny'];

describe('util/glob', () => {
  it('tells names at any depth from paths from the root', () => {
    const hits = (pattern: string) => paths.filter((path) => matchesGlob(parseGlob(pattern), path));
    expect(hits('a*')).to.deep.equal(['a', 'a.b', 'd/a', 'd/a.b', 'd/e/a^', 'd/e/a$']);
    expect(hits('/a*')).to.deep.equal(['a', 'a.b']);
    expect(hits('d/')).to.deep.equal(['d']);
    expect(hits('d/e/[[]x]')).to.deep.equal(['d/e/[x]']);
    expect(hits('./d/[!a]')).to.deep.equal(['d/e']);
  });

  it('matches what find matches, whatever the pattern', () => {
    const dir = mkdtempSync(join(tmpdir(), 'glob-'));
    mkdirSync(join(dir, 'd/e'), { recursive: true });
    for (const path of paths) if (!['d', 'd/e'].includes(path)) writeFileSync(join(dir, path), '');
    const part = fc.constantFrom('a', '*', '?', '.', '[ab]', '[!a]', 'd/', 'e/', '$', '^', '+', '(', 'x', '[^a]', 'h');
    try {
      fc.assert(
        fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
          const glob = parseGlob(parts.join(''));
          fc.pre(glob.pattern !== '');
          const test = glob.anchored ? ['-path', `./${glob.pattern}`] : ['-name', glob.pattern];
          const found = spawnSync('find', ['.', '-mindepth', '1', ...test, '-printf', '%P\\0'], { cwd: dir, encoding: 'utf8' });
          const ours = paths.filter((path) => matchesGlob(glob, path));
          expect(ours.toSorted()).to.deep.equal(found.stdout.split('\0').slice(0, -1).sort());
        }),
        { numRuns: 60 },
      );
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});
