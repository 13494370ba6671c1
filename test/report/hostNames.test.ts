import { expect } from 'chai';
import fc from 'fast-check';
import { hostList, shortNames } from '../../src/report/hostNames.js';

describe('report/hostNames', () => {
  it('writes neighbours as a range, three or more', () => {
    expect(shortNames(['web-01', 'web-02'])).to.deep.equal(['web-01', 'web-02']);
    expect(shortNames(['lb-01', 'web-01', 'web-02', 'web-03', 'db'])).to.deep.equal(['lb-01', 'web-[01:03]', 'db']);
    expect(shortNames(['web-03', 'web-02', 'web-01'])).to.deep.equal(['web-[01:03]']);
    expect(shortNames(['w8', 'w9', 'w10', 'w11', 'w13'])).to.deep.equal(['w[8:11]', 'w13']);
    expect(shortNames(['w08', 'w09', 'w10'])).to.deep.equal(['w[08:10]']);
    expect(shortNames(['a1.x.org', 'a2.x.org', 'a3.x.org', 'a4.y.org'])).to.deep.equal(['a[1:3].x.org', 'a4.y.org']);
    expect(shortNames(['10.0.0.1', '10.0.0.2', '10.0.0.3'])).to.deep.equal(['10.0.0.1', '10.0.0.2', '10.0.0.3']);
  });

  it('loses no host and invents none', () => {
    const names = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b-', 'c0'), fc.nat(12), fc.constantFrom('', '.x'), fc.boolean()));
    fc.assert(
      fc.property(names, (parts) => {
        const hosts = [...new Set(parts.map(([a, n, b, pad]) => `${a}${pad ? String(n).padStart(2, '0') : n}${b}`))];
        expect(shortNames(hosts).flatMap(expand).sort()).to.deep.equal([...hosts].sort());
      }),
    );
  });

  it('counts what has no room', () => {
    const odd = Array.from({ length: 30 }, (_, index) => `h${index * 2}`);
    expect(hostList(odd, 3)).to.equal('h0, h2, h4 and 27 more');
    expect(hostList(odd, Infinity)).to.match(/^h0, .* h58$/);
    expect(hostList(['a', 'b'])).to.equal('a, b');
  });
});

/** What an inventory makes of a range. */
function expand(name: string): readonly string[] {
  const [, before = '', first, last, after = ''] = /^(.*)\[(\d+):(\d+)\](.*)$/.exec(name) ?? [];
  if (first === undefined) return [name];
  const width = first.startsWith('0') ? first.length : 1;
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) =>
    [before, String(Number(first) + index).padStart(width, '0'), after].join(''),
  );
}
