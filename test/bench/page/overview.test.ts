import { expect } from 'chai';
import { overview } from '../../../bench/page/overview.js';
import type { Result } from '../../../bench/results.js';

const run = (wall: number): { wall: number; cpu: number } => ({ wall, cpu: 0.1 });
const result: Result = {
  title: 'some work',
  goal: { asked: 2, aim: 1.5 },
  circumstances: { day: '2026-11-21', cores: 2, load: [0, 0], versions: '' },
  series: [
    { tool: 'floor (x25519)', runs: [run(1), run(2)] },
    { tool: 'floor (default)', runs: [run(3), run(3)] },
    { tool: 'provision', runs: [run(2), run(4)] },
    { tool: 'Ansible', runs: [run(20), run(40)] },
    { tool: 'Ansible, tuned', runs: [], overdue: 300 },
    { tool: 'Ansible, Mitogen', runs: [], failed: '2 hosts unreachable' },
  ],
};

describe('the chart of all workloads', () => {
  const svg = overview([{ name: 'W1', result }]);
  const rows = svg.split('\n').filter((line) => line.includes('>W1<'));
  const places = [...(rows[0] ?? '').matchAll(/<circle cx="([\d.]+)"/g)].map(([, x]) => Number(x));
  const tick = (times: string): number => Number(new RegExp(`<text x="([\\d.]+)" [^>]*>${times} x<`).exec(svg)?.[1] ?? 'missing');

  it('has a dot a tool where its times of the floor are, ours above the others', () => {
    expect(places).to.have.length(3);
    expect(places[0]).to.be.closeTo(tick('20'), 0.1);
    expect(places[1]).to.be.closeTo(tick('200'), 0.1);
    expect(places[2]).to.be.closeTo(tick('2'), 0.1);
  });

  it('shows a tool that was ended as a ring, and none that has no times', () => {
    expect(rows[0]?.match(/fill="#fff" stroke="#009e73"/g)).to.have.length(1);
    expect(rows[0]).to.not.include('#b0568c');
  });

  it('marks what is asked, and names each tool once', () => {
    expect(rows[0]).to.include(`<path d="M${tick('2')},`);
    for (const name of ['provision', 'Ansible', 'Ansible, tuned', 'asked', 'ended there'])
      expect(svg.match(new RegExp(`>${name}</text>`, 'g')), name).to.have.length(1);
    expect(svg).to.not.include('NaN').and.not.include('undefined');
  });
});
