import { expect } from 'chai';
import fc from 'fast-check';
import { knownHostsBook } from '../../../src/transport/connect/known-hosts-book.js';
import { hashName, matchesHost, parseKnownHosts } from '../../../src/transport/connect/known-hosts-line.js';
import { wireString } from '../../../src/transport/connect/wire.js';

const NAMES = ['web-01', '[web-01]:2200', 'web-02', '192.0.2.1', 'db'];

describe('a known_hosts file asked about many hosts', () => {
  it('gives the lines that match, in order, as line by line', () => {
    const entry = fc.oneof(
      fc.constantFrom(...NAMES),
      fc.constantFrom(...NAMES).map((name) => hashName(name)),
      fc.constantFrom('web-*', '!web-01,web-*', 'WEB-01,192.0.2.1', '*', '[web-01]:*', '|1|bad'),
    );
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 12 }), fc.array(fc.constantFrom(...NAMES), { minLength: 1 }), (entries, asked) => {
        const key = wireString('ssh-ed25519').toString('base64');
        const lines = parseKnownHosts(entries.map((hosts) => `${hosts} ssh-ed25519 ${key}\n`).join(''), 'known_hosts');
        expect(lines).to.have.length(entries.length);
        const book = knownHostsBook(lines);
        for (const name of asked) {
          expect(book.linesOf(name).map(({ line }) => line)).to.deep.equal(
            lines.filter((line) => matchesHost(line, name)).map(({ line }) => line),
          );
        }
      }),
    );
  });
});
