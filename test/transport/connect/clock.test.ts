import { expect } from 'chai';
import { setImmediate as immediate } from 'node:timers/promises';
import { startClock, type Clock } from '../../../src/transport/connect/clock.js';

/** Waits until a clock has run for some time, or the real one would have. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await immediate();
}
const expiry = (clock: Clock): Promise<void> =>
  new Promise((resolve) => {
    clock.onExpired(resolve);
  });

describe('the clock of a connection', () => {
  it('calls back when the time is up', async () => {
    const begun = performance.now();
    const clock = startClock(0.05);
    expect(clock.expired()).to.equal(false);
    await expiry(clock);
    expect(performance.now() - begun).to.be.at.least(45);
    expect(clock.remaining()).to.be.below(0.01);
  });

  it('calls back those who come too late', async () => {
    const clock = startClock(0.01);
    await expiry(clock);
    await expiry(clock);
    const called: string[] = [];
    clock.onExpired(() => called.push('taken back'))();
    await expiry(clock);
    expect(called).to.deep.equal([]);
  });

  it('begins again, also after it has expired', async () => {
    const clock = startClock(0.05);
    await expiry(clock);
    clock.restart();
    expect(clock.expired()).to.equal(false);
    const begun = performance.now();
    await expiry(clock);
    expect(performance.now() - begun).to.be.at.least(45);
  });

  it('stands still while a person is asked, several times at once too', async () => {
    const clock = startClock(0.2);
    const begun = performance.now();
    const asking = (milliseconds: number): Promise<void> =>
      clock.paused(() => until(() => performance.now() - begun > milliseconds));
    await Promise.all([asking(150), asking(300)]);
    expect(clock.expired()).to.equal(false);
    expect(clock.remaining()).to.be.within(0.1, 0.2);
    await expiry(clock);
    expect(performance.now() - begun).to.be.at.least(450);
  });

  it('goes on when asking fails', async () => {
    const clock = startClock(0.02);
    await clock.paused(() => Promise.reject(new Error('no'))).catch(() => undefined);
    await expiry(clock);
  });

  it('calls nobody after it was stopped, or taken back', async () => {
    const called: string[] = [];
    const clock = startClock(0.01);
    clock.onExpired(() => called.push('taken back'))();
    const stopped = startClock(0.01);
    stopped.onExpired(() => called.push('stopped'));
    stopped.stop();
    await expiry(clock);
    await until(() => stopped.expired());
    expect(called).to.deep.equal([]);
  });
});
