import { expect } from 'chai';
import fc from 'fast-check';
import type { FileState } from '../../src/facts/file.js';
import { InputError } from '../../src/model/errors.js';
import { hosts } from '../../src/tasks/hosts.js';
import { hostsText } from '../../src/tasks/shared/hostNames.js';
import { sha256 } from '../../src/util/hash.js';
import { planAfter, planOn } from '../support/plan.js';

const debian = '127.0.0.1\tlocalhost\n127.0.1.1\tweb-01\n\n# IPv6\n::1\tlocalhost ip6-localhost ip6-loopback\n';
const entries = [
  { address: '10.0.0.11', names: ['lb-01', 'www.foobar.com'] },
  { address: '10.0.0.21', names: ['web-01'] },
];
const block = '# BEGIN provision\n10.0.0.11 lb-01 www.foobar.com\n10.0.0.21 web-01\n# END provision\n';

describe('tasks/hosts', () => {
  it('keeps the rest of the file, without the names that the block has', async () => {
    expect(hostsText(debian, entries)).to.equal(
      `127.0.0.1\tlocalhost\n\n# IPv6\n::1\tlocalhost ip6-localhost ip6-loopback\n${block}`,
    );
    const file: FileState = {
      type: 'file',
      mode: '0644',
      owner: 'root',
      group: 'root',
      size: Buffer.byteLength(debian),
      sha256: sha256(debian),
      content: debian,
    };
    const [change] = await planOn(hosts({ entries }), { file });
    expect(change?.diff?.before).to.equal(debian);
    expect(await planAfter(hosts({ entries }), { file })).to.deep.equal([]);
  });

  it('takes a name out of a line that has others, and leaves comments', () => {
    expect(hostsText('10.9.9.9 old LB-01 other # by hand\n', entries)).to.equal(`10.9.9.9 old other # by hand\n${block}`);
    expect(hostsText('#10.9.9.9 lb-01\n', entries)).to.equal(`#10.9.9.9 lb-01\n${block}`);
  });

  it('never takes localhost away', () => {
    expect(hostsText('127.0.0.1 localhost\n', [{ address: '127.0.1.1', names: ['localhost', 'web-01'] }])).to.contain(
      '127.0.0.1 localhost\n',
    );
  });

  it('changes the block in its place and removes it for no entries', () => {
    const old = `a\n${block}b\n`;
    expect(hostsText(old, entries.slice(1))).to.equal('a\n# BEGIN provision\n10.0.0.21 web-01\n# END provision\nb\n');
    expect(hostsText(old, [])).to.equal('a\nb\n');
  });

  it('is in order once it was done, whatever the file held', () => {
    const line = fc.oneof(
      fc.string({ maxLength: 12 }).filter((text) => !text.includes('\n')),
      fc.constantFrom('127.0.1.1 web-01 x', '# BEGIN provision', '# END provision', '10.0.0.11 lb-01', ''),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const once = hostsText(lines.join('\n'), entries);
        expect(hostsText(once, entries)).to.equal(once);
      }),
    );
  });

  it('refuses what is no address or name', () => {
    expect(() => hosts({ entries: [{ address: '10.0.0.300', names: ['a'] }] })).to.throw(InputError, 'IP address');
    expect(() => hosts({ entries: [{ address: '::1', names: ['a b'] }] })).to.throw(InputError, "host's name");
    expect(() => hosts({ entries: [{ address: '::1', names: [] }] })).to.throw(InputError);
  });
});
