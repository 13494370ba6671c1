import { expect } from 'chai';
import fc from 'fast-check';
import { apart } from '../../../bench/growth/labels.js';

const LOWEST = 352;

describe('the names beside the lines of a chart', () => {
  it('stay where they are wanted where there is room', () => {
    const places = apart([{ wanted: 200 }, { wanted: 100 }], LOWEST).map(({ place }) => place);
    expect(places).to.deep.equal([100, 200]);
  });

  it('never lie on each other, nor below the chart, and keep their order', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ wanted: fc.integer({ min: 44, max: LOWEST }) }), { maxLength: 12 }), (labels) => {
        const placed = apart(labels, LOWEST);
        expect(placed.map(({ wanted }) => wanted)).to.deep.equal(labels.map(({ wanted }) => wanted).toSorted((a, b) => a - b));
        placed.forEach(({ place }, index) => {
          expect(place).to.be.at.most(LOWEST);
          if (index > 0) expect(place - (placed[index - 1]?.place ?? NaN)).to.be.at.least(16);
        });
      }),
    );
  });
});
