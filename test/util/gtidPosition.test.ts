import { expect } from 'chai';
import { formatGtidPosition, isAtLeast, lastOfDomains, parseGtidPosition, unknownGtids } from '../../src/util/gtidPosition.js';

describe('util/gtidPosition', () => {
  const parse = parseGtidPosition;

  it('reads and writes positions', () => {
    expect(parse('0-21-392, 1-22-7')).to.deep.equal([
      { domain: 0, server: 21, sequence: 392 },
      { domain: 1, server: 22, sequence: 7 },
    ]);
    expect(formatGtidPosition(parse('0-21-392,1-22-7'))).to.equal('0-21-392,1-22-7');
    expect(parse('')).to.deep.equal([]);
    expect(() => parse('17029917-0000-4000-8000-00000000000a:1')).to.throw(RangeError, 'not a GTID position');
  });

  it('finds what another server does not know', () => {
    const known = parse('0-21-392,0-22-395');
    expect(unknownGtids(parse('0-21-392,0-22-390'), known)).to.deep.equal([]);
    expect(formatGtidPosition(unknownGtids(parse('0-21-393,0-23-1,1-22-2'), known))).to.equal('0-21-393,0-23-1,1-22-2');
  });

  it('makes a position of a state', () => {
    expect(formatGtidPosition(lastOfDomains(parse('0-21-392,0-22-395,1-21-7')))).to.equal('0-22-395,1-21-7');
  });

  it('compares how far a position is by domain, whoever wrote last', () => {
    expect(isAtLeast(parse('0-22-395'), parse('0-21-392'))).to.equal(true);
    expect(isAtLeast(parse('0-22-391'), parse('0-21-392'))).to.equal(false);
    expect(isAtLeast(parse('0-22-395'), parse('0-21-392,1-21-1'))).to.equal(false);
    expect(isAtLeast([], [])).to.equal(true);
  });
});
