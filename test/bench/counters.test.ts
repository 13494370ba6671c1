import { expect } from 'chai';
import { trafficOf } from '../../bench/counters.js';

const counter = (name: string, packets: number, bytes: number): object => ({ counter: { name, packets, bytes } });

describe('the counters of the bench', () => {
  it('are read from nft, both directions apart', () => {
    const listing = [
      { metainfo: {} },
      counter('connections', 3, 180),
      counter('sent', 60, 10_000),
      counter('received', 50, 12_000),
    ];
    expect(trafficOf(JSON.stringify({ nftables: listing }))).to.deep.equal({
      connections: 3,
      packets: 110,
      sent: 10_000,
      received: 12_000,
    });
  });

  it('are missed where nft does not name them', () => {
    expect(() => trafficOf('{"nftables":[]}')).to.throw('no counter "sent"');
  });
});
