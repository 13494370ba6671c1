import { expect } from 'chai';
import fc from 'fast-check';
import { countGtids, formatGtidSet, isGtidSubset, parseGtidSet, subtractGtids, type GtidSet } from '../../src/util/gtidSet.js';

const A = '17029917-0000-4000-8000-00000000000a';
const B = '17029917-0000-4000-8000-00000000000b';

describe('util/gtidSet', () => {
  it('reads what MySQL prints: several lines, upper case, tags, parts out of order', () => {
    const set = parseGtidSet(`${B.toUpperCase()}:7-9:1,\n${A}:1-3:4:audit:1-2:5`);
    expect(formatGtidSet(set)).to.equal(`${A}:1-4,${A}:audit:1-2:5,${B}:1:7-9`);
    expect(countGtids(set)).to.equal(11);
    expect(formatGtidSet(parseGtidSet(''))).to.equal('');
  });

  it('refuses what is none', () => {
    for (const text of ['0-21-3', 'ANONYMOUS', `${A}:x-y`]) expect(() => parseGtidSet(text)).to.throw(RangeError, text);
  });

  it('finds errant transactions', () => {
    const replica = parseGtidSet(`${A}:1-3093,${B}:1-2`);
    const primary = parseGtidSet(`${A}:1-3092,${B}:1-50`);
    expect(formatGtidSet(subtractGtids(replica, primary))).to.equal(`${A}:3093`);
    expect(isGtidSubset(parseGtidSet(`${A}:5-7`), primary)).to.equal(true);
  });

  describe('is arithmetic on sets of transactions', () => {
    const member = fc.record({ source: fc.constantFrom(A, B, `${A}:tag`), number: fc.integer({ min: 1, max: 30 }) });
    const members = fc.array(member, { maxLength: 40 });

    it('parse, format, count', () => {
      fc.assert(
        fc.property(members, (all) => {
          const set = setOf(all);
          expect(flat(parseGtidSet(formatGtidSet(set)))).to.deep.equal(flat(set));
          expect(flat(set)).to.deep.equal(names(all));
          expect(countGtids(set)).to.equal(names(all).length);
        }),
      );
    });

    it('subtract and subset', () => {
      fc.assert(
        fc.property(members, members, (a, b) => {
          const inB = new Set(names(b));
          const left = names(a).filter((name) => !inB.has(name));
          expect(flat(subtractGtids(setOf(a), setOf(b)))).to.deep.equal(left);
          expect(isGtidSubset(setOf(a), setOf(b))).to.equal(left.length === 0);
        }),
      );
    });
  });
});

interface Member {
  readonly source: string;
  readonly number: number;
}

function setOf(members: readonly Member[]): GtidSet {
  return parseGtidSet(members.map(({ source, number }) => `${source}:${number}`).join(','));
}

function names(members: readonly Member[]): readonly string[] {
  return [...new Set(members.map(({ source, number }) => `${source}:${number}`))].sort();
}

function flat(set: GtidSet): readonly string[] {
  return [...set]
    .flatMap(([source, intervals]) =>
      intervals.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, i) => `${source}:${first + i}`)),
    )
    .sort();
}
