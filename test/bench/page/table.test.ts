import { expect } from 'chai';
import { median, ratio, table, verdict } from '../../../bench/page/table.js';
import type { Series } from '../../../bench/results.js';

const series = (tool: string, walls: readonly number[], memory = 0): Series => ({
  tool,
  runs: walls.map((wall) => ({ wall, cpu: wall / 2 })),
  memory,
});

describe('the tables of the bench', () => {
  it('take the middle run, or the mean of the two in the middle', () => {
    expect(median([10, 1, 3])).to.equal(3);
    expect(median([4, 10, 1, 3])).to.equal(3.5);
    expect(median([])).to.be.NaN;
  });

  it('compare runs of the same turn, so that a load that doubles both changes no ratio', () => {
    const floor = series('floor', [1, 2, 1]);
    expect(ratio(series('ours', [2, 4, 2]), floor)).to.equal(2);
    expect(ratio(series('ours', [2, 4, 9]), floor)).to.equal(2);
    expect(ratio(floor, floor)).to.equal(1);
  });

  it('have a column of ratios for each floor, and a row for each tool', () => {
    const all = [
      series('a floor', [0.2, 0.25, 0.21], 5e6),
      series('b floor', [0.4, 0.5, 0.42], 6e6),
      series('ours', [0.5, 0.4, 0.42], 81.6e6),
    ];
    expect(table(all, ['a floor', 'b floor'])).to.equal(
      [
        '| tool | runs | wall s, median (min to max) | x a floor | x b floor | CPU s | of hosts | memory MB | connections | KB to hosts | KB back | packets |',
        '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
        '| a floor | 3 | 0.21 (0.20 to 0.25) | 1.00 | 0.50 | 0.10 | – | 5 | – | – | – | – |',
        '| b floor | 3 | 0.42 (0.40 to 0.50) | 2.00 | 1.00 | 0.21 | – | 6 | – | – | – | – |',
        '| ours | 3 | 0.42 (0.40 to 0.50) | 2.00 | 1.00 | 0.21 | – | 82 | – | – | – | – |',
        '',
      ].join('\n'),
    );
  });

  it('show what a gauge has seen, and that a tool was ended', () => {
    const rig = { hosts: 0.5, connections: 3, packets: 100, sent: 12_345, received: 6_789 };
    const all: readonly Series[] = [
      { tool: 'seen', runs: [{ wall: 1, cpu: 0.3, rig }] },
      { tool: 'slow', runs: [], overdue: 240 },
    ];
    expect(table(all, ['seen']).split('\n').slice(2)).to.deep.equal([
      '| seen | 1 | 1.00 (1.00 to 1.00) | 1.00 | 0.30 | 0.50 | – | 3 | 12 | 7 | 100 |',
      '| slow | 0 | more than 240 | – | – | – | – | – | – | – | – |',
      '',
    ]);
  });

  it('say what a ratio is worth', () => {
    const goal = { asked: 2.5, aim: 1.5 };
    expect(verdict(1.5, goal)).to.equal('at the aim (1.5 x)');
    expect(verdict(2.5, goal)).to.equal('at what is asked (2.5 x), not at the aim (1.5 x)');
    expect(verdict(2.51, goal)).to.equal('not at what is asked (2.5 x)');
  });
});
