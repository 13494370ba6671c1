import { expect } from 'chai';
import fc from 'fast-check';
import { textDiff } from '../../src/util/diff.js';
import { Secret } from '../../src/util/secret.js';

describe('util/diff', () => {
  it('leaves texts without secrets alone', () => {
    expect(textDiff('a\n', 'b\n')).to.deep.equal({ before: 'a\n', after: 'b\n' });
    expect(textDiff(undefined, 'b\n')).to.deep.equal({ before: undefined, after: 'b\n' });
  });

  it('never shows the old secret, whatever the old file looked like', () => {
    const after = new Secret('user=app\npassword=new-one\nport=1\n', 'user=app\npassword=•••\nport=1\n');
    fc.assert(
      fc.property(
        fc.constantFrom('password=', 'pass: ', '', '  password = '),
        fc.stringMatching(/^[a-z0-9]{6,20}$/),
        (key, old) => {
          fc.pre(!'user=app password= port=1 (was another)'.includes(old));
          const { before } = textDiff(`user=app\n${key}${old}\nport=1\n`, after);
          expect(before).to.not.contain(old);
          expect(before).to.contain('user=app\n').and.contain('port=1\n');
        },
      ),
    );
  });
});
