import { expect } from 'chai';
import fc from 'fast-check';
import { expandHosts } from '../../src/inventory/hostRange.js';

describe('inventory/hostRange', () => {
  it('writes out any range of numbers, ends included, padded as its first is', () => {
    const range = fc.record({ first: fc.nat(99), more: fc.nat(40), step: fc.integer({ min: 1, max: 7 }) });
    fc.assert(
      fc.property(range, ({ first, more, step }) => {
        const pad = (value: number) => String(value).padStart(3, '0');
        const { names } = expandHosts(`web-[${pad(first)}:${pad(first + more)}:${step}].example`);
        const numbers = names.map((name) => Number(/^web-(\d{3})\.example$/.exec(name)?.[1]));
        expect(numbers[0]).to.equal(first);
        expect(numbers).to.have.length(Math.floor(more / step) + 1);
        expect(numbers.every((value, index) => value === first + index * step && value <= first + more)).to.equal(true);
      }),
    );
  });

  it('takes a plain name as it is, and a port behind it', () => {
    expect(expandHosts('lb-01')).to.deep.equal({ names: ['lb-01'], port: undefined });
    expect(expandHosts('lb-01:2222')).to.deep.equal({ names: ['lb-01'], port: 2222 });
    expect(expandHosts('10.0.0.[1:2]:22')).to.deep.equal({ names: ['10.0.0.1', '10.0.0.2'], port: 22 });
  });

  const WRONG: Readonly<Record<string, string>> = {
    'web-[01:5]': 'as many digits',
    'web-[5:1]': 'ends before it begins',
    'web-[1]': 'write its first and last',
    'web-[1:]': 'write its first and last',
    'web-[a:3]': 'two numbers or two letters',
    'web-[1:9:0]': 'the step of',
    'web-[1:9:2:4]': 'write its first and last',
    'web-[1:2': 'do not match',
    'web-1:2]': 'do not match',
    'web-[1:99999999]': 'more than 10000',
    'a[1:200]b[1:200]': 'more than 10000',
    'web 01': 'is not a host name',
    'web-01:99999': 'is not a port',
    '2001:db8::1': 'IPv6',
    '-web': 'is not a host name',
  };
  for (const [pattern, reason] of Object.entries(WRONG)) {
    it(`refuses ${pattern}`, () => {
      expect(() => expandHosts(pattern)).to.throw(RangeError, reason);
    });
  }
});
