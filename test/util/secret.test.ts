import { expect } from 'chai';
import fc from 'fast-check';
import { inspect } from 'node:util';
import { Secret, joinText, mapText, mask, reveal, scrub, secretText } from '../../src/util/secret.js';

describe('util/secret', () => {
  it('shows in no form of printing', () => {
    const secret = new Secret('hunter22');
    const shown = [
      String(secret),
      JSON.stringify({ secret }),
      inspect(secret),
      inspect({ deep: [secret] }),
      ['', secret].join(''),
    ];
    for (const text of shown) expect(text).to.contain('•••').and.not.contain('hunter22');
    expect(reveal(secret)).to.equal('hunter22');
  });

  it('keeps a text secret in its parts', () => {
    const text = secretText`IDENTIFIED BY ${new Secret('hunter22')} FOR ${'app'} AT ${3}`;
    expect(mask(text)).to.equal('IDENTIFIED BY ••• FOR app AT 3');
    expect(reveal(text)).to.equal('IDENTIFIED BY hunter22 FOR app AT 3');
    expect(mask(mapText(text, (plain) => plain.toUpperCase()))).to.equal('IDENTIFIED BY ••• FOR APP AT 3');
    expect(joinText(['a', 'b'], '-')).to.equal('a-b');
  });

  it('takes every secret out of what commands print', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4 }), fc.string(), fc.string(), (value, before, after) => {
        expect(scrub(`${before}${reveal(new Secret(value))}${after}`).replaceAll('•••', '')).to.not.contain(value);
      }),
    );
  });
});
