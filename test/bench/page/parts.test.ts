import { expect } from 'chai';
import { growthPart, rowPart, summaryPart } from '../../../bench/page/parts.js';
import { resultsText, type Result, type Results } from '../../../bench/results.js';

const circumstances = { day: '2026-11-21', cores: 2, load: [0.1, 1.25], versions: 'Node 20' } as const;
const run = (wall: number): { wall: number; cpu: number } => ({ wall, cpu: 0.1 });

const result = (ours: number): Result => ({
  title: 'some work',
  goal: { asked: 2.5, aim: 1.5 },
  circumstances,
  series: [
    { tool: 'floor (x25519)', runs: [run(1)] },
    { tool: 'provision', runs: [run(ours)] },
    { tool: 'a peer', runs: [], overdue: 240 },
    { tool: 'another', runs: [], failed: '2 hosts unreachable' },
  ],
});

const results: Results = {
  rows: { W1: result(1.4), W2: result(2), W3: result(3) },
  curves: { 'growth-hosts': { title: 'ten tasks', axis: 'hosts', circumstances, tools: [] } },
};

describe('the parts of the page of the bench', () => {
  it('say in one line a workload whether it holds what is asked', () => {
    const lines = summaryPart(results, ['W1', 'W2', 'W3', 'W9'], ['Mitogen']).split('\n');
    const [head, , ...rows] = lines;
    expect(head).to.equal('| workload | floor s | provision s | x floor | asked | aim | holds | a peer s | another s |');
    expect(rows.slice(0, 3)).to.deep.equal([
      '| W1: some work | 1.00 | 1.40 | **1.40** | 2.5 | 1.5 | aim | > 240 | failed |',
      '| W2: some work | 1.00 | 2.00 | **2.00** | 2.5 | 1.5 | asked | > 240 | failed |',
      '| W3: some work | 1.00 | 3.00 | **3.00** | 2.5 | 1.5 | no | > 240 | failed |',
    ]);
  });

  it('name what is not on the machine, and the rows that are short of their aim', () => {
    const text = summaryPart(results, ['W1', 'W2', 'W3'], ['Mitogen']);
    expect(text).to.include('not on the machine: Mitogen.').and.include('- **W2** (2.00 x)').and.include('- **W3** (3.00 x)');
    expect(text).to.not.include('- **W1**');
    const reached: Results = { rows: { W1: result(1.5) }, curves: {} };
    expect(summaryPart(reached, ['W1'], []))
      .to.not.include('What holds')
      .and.not.include('not on the machine');
  });

  it('say where a workload was measured, and how a tool ended that has no times', () => {
    expect(rowPart('W2', result(2)))
      .to.include('### W2: some work')
      .and.include('2 cores for the controller and the hosts, load 0.1 before and 1.3 after, Node 20.')
      .and.include('takes 2.00 x: at what is asked (2.5 x), not at the aim (1.5 x).')
      .and.include('a peer was ended after 240 s. another failed: 2 hosts unreachable.');
  });

  it('show the charts that there are', () => {
    const text = growthPart(results, ['growth-hosts', 'growth-tasks']);
    expect(text).to.include('![Seconds by hosts: ten tasks](performance/growth-hosts.svg)').and.not.include('growth-tasks');
  });

  it('come from numbers that are kept with the digits that mean something', () => {
    const kept = JSON.parse(resultsText({ rows: {}, curves: {}, more: [1.23456789, 123456, 0.000123456] } as Results)) as object;
    expect(kept).to.deep.include({ more: [1.235, 123456, 0.0001235] });
  });
});
