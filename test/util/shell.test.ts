import { expect } from 'chai';
import fc from 'fast-check';
import { quote, shellLine } from '../../src/util/shell.js';
import { runLocally } from '../support/shell.js';

describe('util/shell', () => {
  it('brings any words through a real sh as they are', () => {
    const word = fc.string({ unit: 'grapheme-composite' }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), (words) => {
        const { stdout } = runLocally(`for w in ${shellLine(...words)}; do printf '%s\\0' "$w"; done`);
        expect(stdout).to.equal(words.map((text) => `${Buffer.from(text).toString()}\0`).join(''));
      }),
      { numRuns: 60 },
    );
  });

  it('leaves plain words plain, and refuses what no word can hold', () => {
    expect(quote('/etc/hosts')).to.equal('/etc/hosts');
    expect(quote('')).to.equal("''");
    expect(() => quote('a\0b')).to.throw(RangeError);
  });
});
