import { expect } from 'chai';
import fc from 'fast-check';
import { Secret, mask, reveal, scrub } from '../../src/util/secret.js';
import { sqlAccount, sqlName, sqlString } from '../../src/util/sql.js';
import { usePrivateMariadb } from '../support/mariadb.js';

describe('util/sql', () => {
  it('keeps every literal on one line', () => {
    expect(sqlString("it's \\ a\nline\0")).to.equal("'it\\'s \\\\ a\\nline\\0'");
    expect(sqlAccount('app', '10.0.0.%')).to.equal("'app'@'10.0.0.%'");
    expect(sqlName('a`b')).to.equal('`a``b`');
    expect(() => sqlName('a\nb')).to.throw(RangeError);
  });

  it('keeps a secret secret, in its escaped form too', () => {
    const literal = sqlString(new Secret("tr'icky"));
    expect(mask(literal)).to.equal("'•••'");
    expect(reveal(literal)).to.equal("'tr\\'icky'");
    expect(scrub("near ''tr\\'icky''")).to.equal("near ''•••''");
  });

  describe('through a real client and server', () => {
    const server = usePrivateMariadb();

    it('gives back every text', function () {
      this.timeout(120_000);
      const text = fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: fc.constantFrom("'", '"', '`', '\\', '\n', '\0', '\x1a', '%', ';', '-', '#', '/*', 'n', 'ü') }),
      );
      fc.assert(
        fc.property(fc.array(text, { minLength: 1, maxLength: 40 }), (texts) => {
          const printed = server.sql(texts.map((one) => `SELECT HEX(${sqlString(one)});`).join('\n'));
          const back = printed
            .slice(0, -1)
            .split('\n')
            .map((hex) => Buffer.from(hex, 'hex').toString('utf8'));
          expect(back).to.deep.equal(texts);
        }),
        { numRuns: 30 },
      );
    });
  });
});
