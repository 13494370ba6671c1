import { expect } from 'chai';
import fc from 'fast-check';
import { parseKeyLine, withKeys, withoutKeys } from '../../../src/tasks/shared/keyLines.js';

const line = fc
  .tuple(
    fc.constantFrom('', 'no-pty ', 'from="10.0.0.0/8, 1.2.3.4",command="a b" '),
    fc.constantFrom('AAAAx', 'AAAAy', 'AAAAz='),
    fc.constantFrom('', ' me@x', ' a b'),
  )
  .map(([options, blob, comment]) => `${options}ssh-ed25519 ${blob}${comment}`);
const text = fc
  .tuple(fc.array(fc.oneof(line, fc.constantFrom('# note', '', 'damaged AAAAx'))), fc.boolean())
  .map(([lines, ended]) => lines.join('\n') + (ended ? '\n' : ''));

describe('tasks/shared/keyLines', () => {
  it('reads options, key and comment', () => {
    expect(parseKeyLine('from="a b",no-pty ecdsa-sha2-nistp256 AAAAE2+/= Ada L ')).to.deep.equal({
      options: 'from="a b",no-pty',
      blob: 'AAAAE2+/=',
      comment: 'Ada L',
    });
    expect(parseKeyLine('sk-ssh-ed25519@openssh.com AAAAG')).to.deep.equal({ options: '', blob: 'AAAAG', comment: '' });
    for (const none of ['', '# ssh-rsa AAAA', 'ssh-rsa', 'hello AAAA']) expect(parseKeyLine(none)).to.equal(undefined);
  });

  it('puts each key once, in its old place, and leaves the rest', () => {
    const old = '# mine\nssh-rsa AAAAa old\nssh-rsa AAAAb b\nssh-rsa AAAAa twice\n';
    expect(withKeys(old, ['no-pty ssh-rsa AAAAa new', 'ssh-rsa AAAAc c'], false)).to.equal(
      '# mine\nno-pty ssh-rsa AAAAa new\nssh-rsa AAAAb b\nssh-rsa AAAAc c\n',
    );
    expect(withKeys(old, ['ssh-rsa AAAAc c'], true)).to.equal('ssh-rsa AAAAc c\n');
    expect(withoutKeys(old, ['ssh-rsa AAAAa'])).to.equal('# mine\nssh-rsa AAAAb b\n');
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(text, fc.array(line, { minLength: 1 }), fc.boolean(), (old, keys, exclusive) => {
        const once = withKeys(old, keys, exclusive);
        expect(withKeys(once, keys, exclusive)).to.equal(once);
        const gone = withoutKeys(once, keys);
        expect(withoutKeys(gone, keys)).to.equal(gone);
      }),
    );
  });
});
