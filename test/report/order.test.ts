import { expect } from 'chai';
import fc from 'fast-check';
import { mergeOrders } from '../../src/report/order.js';

describe('report/order', () => {
  it('keeps what all orders say', () => {
    expect(mergeOrders([])).to.deep.equal([]);
    expect(mergeOrders([['a', 'c'], ['b', 'c', 'd'], ['a', 'b']])).to.deep.equal(['a', 'b', 'c', 'd']); // prettier-ignore
  });

  it('ends where orders contradict each other', () => {
    expect(mergeOrders([['a', 'b', 'c'], ['b', 'a']])).to.deep.equal(['a', 'b', 'c']); // prettier-ignore
  });

  it('finds an order of which all are parts, whatever the parts', () => {
    const parts = fc.array(fc.uniqueArray(fc.nat(12)).map((order) => [...order].sort((a, b) => a - b)));
    fc.assert(
      fc.property(parts, (orders) => {
        const merged = mergeOrders(orders);
        for (const order of orders) expect(merged.filter((one) => order.includes(one))).to.deep.equal(order);
        expect([...merged].sort((a, b) => a - b)).to.deep.equal([...new Set(orders.flat())].sort((a, b) => a - b));
      }),
    );
  });
});
