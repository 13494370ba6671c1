import { expect } from 'chai';
import { began, counted, record, timed, timedSync } from '../../src/util/timing.js';

describe('util/timing', () => {
  it('says nothing where nobody listens, and all of it where somebody does', async () => {
    const work = () => Promise.resolve(7);
    expect(await timed('read', 'a', work)).to.equal(7);
    const recording = record();
    expect(await timed('read', 'a', work)).to.equal(7);
    expect(timedSync('plan', 'b', () => 8)).to.equal(8);
    counted('a', 'channels');
    counted('a', 'bytesSent', 12);
    recording.stop();
    await timed('read', 'late', work);
    counted('late', 'channels');
    expect(recording.times.map(({ phase, host }) => [phase, host])).to.deep.equal([
      ['read', 'a'],
      ['plan', 'b'],
    ]);
    for (const { begin, end } of recording.times) expect(end).to.be.at.least(begin);
    expect(recording.counts).to.deep.equal([
      { host: 'a', what: 'channels', amount: 1 },
      { host: 'a', what: 'bytesSent', amount: 12 },
    ]);
  });

  it('measures work that fails, and nothing twice', async () => {
    const recording = record();
    const failed = await timed('apply', 'a', () => Promise.reject(new Error('no'))).catch((error: unknown) => error);
    expect(failed).to.be.an('error');
    const end = began('connect', 'a');
    end();
    end();
    recording.stop();
    expect(recording.times.map(({ phase }) => phase)).to.deep.equal(['apply', 'connect']);
  });
});
