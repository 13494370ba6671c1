import { expect } from 'chai';
import { chart } from '../../../bench/growth/chart.js';
import type { Curve } from '../../../bench/results.js';

const curve: Curve = {
  title: 'a < b & c',
  axis: 'hosts',
  circumstances: { day: '2026-11-21', cores: 2, load: [0, 0], versions: '' },
  tools: [
    {
      tool: 'floor',
      points: [
        [1, 0.1],
        [10, 0.5],
        [100, 10],
      ],
    },
    {
      tool: 'provision',
      points: [
        [1, 0.4],
        [10, 0.8],
        [100, 9],
      ],
    },
    { tool: 'a peer', points: [[1, 4]] },
  ],
};

describe('the chart of a growth', () => {
  const svg = chart(curve);
  const heights = [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [Number(x), Number(y)] as const);

  it('has a dot a point, higher where it took longer', () => {
    expect(heights).to.have.length(7);
    const [low, , high] = heights;
    expect(low?.[0]).to.equal(64);
    expect(high?.[0]).to.equal(540);
    expect(low?.[1]).to.be.greaterThan(high?.[1] ?? NaN);
  });

  it('has the same distance between 1, 10 and 100, and their ticks', () => {
    const [one, ten, hundred] = heights.map(([x]) => x);
    expect((ten ?? NaN) - (one ?? NaN)).to.be.closeTo((hundred ?? NaN) - (ten ?? NaN), 0.2);
    for (const tick of ['>1<', '>10<', '>100<', '>0.1 s<', '>10 s<']) expect(svg).to.include(tick);
  });

  it('names each tool and is well-formed where a title has marks of its own', () => {
    for (const { tool } of curve.tools) expect(svg).to.match(new RegExp(`<text [^>]*>${tool}</text>`));
    expect(svg).to.include('a &lt; b &amp; c').and.not.include('NaN').and.not.include('undefined');
  });
});
