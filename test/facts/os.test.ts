import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { os, OS_SAMPLES, parseOs } from '../../src/facts/os.js';
import { askLocally } from '../support/shell.js';

const FILES = ['debian-12', 'debian-13', 'debian-sid', 'ubuntu-24.04'];

describe('facts/os', () => {
  for (const [index, name] of FILES.entries()) {
    it(`reads ${name} as its sample says`, () => {
      const stdout = readFileSync(`test/fixtures/os/${name}.txt`, 'utf8');
      expect(parseOs({ stdout })).to.deep.equal(OS_SAMPLES[index]);
    });
  }

  it('reads this machine, quotes and escapes, and survives an empty file', () => {
    expect(askLocally(os)[0]?.id).to.match(/^[a-z0-9._-]+$/);
    expect(parseOs({ stdout: `ID='linuxmint'\nPRETTY_NAME="a \\"b\\" \\$c"\nID_LIKE="ubuntu debian"\n` })).to.deep.include({
      id: 'linuxmint',
      prettyName: 'a "b" $c',
      like: ['ubuntu', 'debian'],
    });
    expect(parseOs({ stdout: 'ID=almalinux\nNAME=AlmaLinux\n' })).to.deep.include({ id: 'linux', prettyName: 'AlmaLinux' });
    expect(parseOs({ stdout: '' })).to.deep.include({ id: 'linux', versionId: undefined, like: [], prettyName: 'linux' });
  });
});
