import { expect } from 'chai';
import { batchesOf } from '../../src/engine/serial.js';

describe('engine/serial', () => {
  it('batches by number, by share, or not at all', () => {
    expect(batchesOf([1, 2, 3, 4, 5], 2)).to.deep.equal([[1, 2], [3, 4], [5]]);
    expect(batchesOf([1, 2, 3, 4], '50%')).to.deep.equal([
      [1, 2],
      [3, 4],
    ]);
    expect(batchesOf([1, 2, 3], '10%')).to.deep.equal([[1], [2], [3]]);
    expect(batchesOf([1, 2, 3], undefined)).to.deep.equal([[1, 2, 3]]);
    expect(batchesOf([], 2)).to.deep.equal([]);
  });
});
