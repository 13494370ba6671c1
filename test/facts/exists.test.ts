import { expect } from 'chai';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathExists } from '../../src/facts/exists.js';
import { askLocally } from '../support/shell.js';

describe('facts/exists', () => {
  it('tells what stands there, links that lead nowhere included, in order', () => {
    const dir = mkdtempSync(join(tmpdir(), "it's "));
    symlinkSync('nowhere', join(dir, '-l'));
    expect(askLocally(pathExists(join(dir, 'a')), pathExists(join(dir, '-l')), pathExists(dir))).to.deep.equal([
      false,
      true,
      true,
    ]);
    rmSync(dir, { recursive: true });
  });
});
