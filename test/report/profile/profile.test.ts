import { expect } from 'chai';
import fc from 'fast-check';
import { pathOf } from '../../../src/report/profile/hosts.js';
import { profileOf } from '../../../src/report/profile/profile.js';
import { profileLines } from '../../../src/report/profile/table.js';
import type { HostPhase, Timed } from '../../../src/util/timing.js';

const figures = { started: 50, loaded: 300, ended: 1300, utilization: 0.25, cpuSeconds: 0.7, memoryBytes: 90e6 };
const time = (host: string | undefined, phase: Timed['phase'], begin: number, end: number): Timed => ({
  host,
  phase,
  begin,
  end,
});

describe('report/profile', () => {
  it('gives overlapping time to what began last, and calls gaps waiting', () => {
    const path = pathOf([time('a', 'read', 0, 1000), time('a', 'connect', 200, 500), time('a', 'plan', 1500, 1600)].map(ofHost));
    expect(path).to.deep.equal([
      { phase: 'read', at: 0, seconds: 0.2 },
      { phase: 'connect', at: 0.2, seconds: 0.3 },
      { phase: 'read', at: 0.5, seconds: 0.5 },
      { phase: 'waiting', at: 1, seconds: 0.5 },
      { phase: 'plan', at: 1.5, seconds: 0.1 },
    ]);
  });

  it('has stretches that add up to the time from the first measurement to the last, whatever overlaps', () => {
    const phases: readonly HostPhase[] = ['connect', 'shell', 'read', 'plan'];
    const one = fc.record({ phase: fc.constantFrom(...phases), begin: fc.nat(1000), length: fc.integer({ min: 1, max: 500 }) });
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 12 }), (list) => {
        const times = list.map(({ phase, begin, length }) => ofHost(time('a', phase, begin, begin + length)));
        const path = pathOf(times);
        const first = Math.min(...times.map(({ begin }) => begin));
        const last = Math.max(...times.map(({ end }) => end));
        expect(path.reduce((sum, { seconds }) => sum + seconds, 0)).to.be.closeTo((last - first) / 1000, 1e-9);
        for (const [index, { at, seconds }] of path.entries()) {
          expect(path[index + 1]?.at ?? last / 1000).to.be.closeTo(at + seconds, 1e-9);
        }
      }),
    );
  });

  it('tells the program from the hosts, and the slowest host as the one that is through last', () => {
    const profile = profileOf(
      [
        time(undefined, 'inventory', 300, 400),
        time(undefined, 'preflight', 400, 500),
        time(undefined, 'report', 600, 610),
        time('quick', 'connect', 500, 900),
        time('late', 'connect', 1100, 1200),
      ],
      [
        { host: 'late', what: 'exchanges', amount: 1 },
        { host: 'late', what: 'exchanges', amount: 1 },
        { host: 'late', what: 'bytesSent', amount: 2000 },
      ],
      figures,
    );
    expect(profile.program.map(({ part, seconds }) => [part, Math.round(seconds * 1000)])).to.deep.equal([
      ['start', 50],
      ['loading', 250],
      ['inventory', 100],
      ['preflight', 100],
      ['hosts', 800],
    ]);
    expect(profile.idle).to.be.closeTo(0.75, 1e-9);
    expect(profile.busy).to.be.closeTo(0.05, 1e-9);
    expect(profile.report).to.be.closeTo(0.01, 1e-9);
    expect(profile.slowest?.host).to.equal('late');
    expect(profile.phases).to.deep.equal([{ phase: 'connect', hosts: 2, min: 0.1, median: 0.1, max: 0.4 }]);
    const [quick, late] = profile.hosts;
    expect(quick).to.deep.include({ host: 'quick', exchanges: 0, channels: 0 });
    expect(quick).to.not.have.property('bytesSent');
    expect(late).to.deep.include({ exchanges: 2, bytesSent: 2000, bytesReceived: 0 });
  });

  it('is a table for a person', () => {
    const lines = profileLines(profileOf([time('web-01', 'read', 500, 900)], [], figures));
    expect(lines).to.include('hosts    1.000 s  of it the program at work 0.250 s (report 0.000 s), waiting for hosts 0.750 s');
    expect(lines.find((line) => line.startsWith('read '))).to.match(/0\.400 s +0\.400 s +0\.400 s +1$/);
    expect(lines).to.include('  at 0.500 s  0.400 s  read');
  });
});

function ofHost(one: Timed) {
  return { ...one, host: one.host ?? '', phase: one.phase as HostPhase };
}
