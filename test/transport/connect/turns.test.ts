import { expect } from 'chai';
import { setImmediate as immediate } from 'node:timers/promises';
import { turns } from '../../../src/transport/connect/turns.js';

describe('taking turns', () => {
  /** Starts works that end when told to, and counts those at it. */
  const start = (least: number, most: number, count: number) => {
    const take = turns(least, most);
    const ends: (() => void)[] = [];
    const done = Array.from({ length: count }, (_, index) =>
      take(async () => {
        await new Promise<void>((resolve) => ends.push(resolve));
        return index;
      }),
    );
    return { ends, done: Promise.all(done) };
  };
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  it('takes on more while the process has nothing to do, up to the most', async () => {
    const { ends, done } = start(2, 6, 9);
    await immediate();
    expect(ends).to.have.length(2);
    await until(() => ends.length === 6);
    ends[0]?.();
    await until(() => ends.length === 7);
    const end = setInterval(() => {
      for (const one of ends.splice(0)) one();
    }, 5);
    expect(await done).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    clearInterval(end);
  });

  it('takes on no more while the process is at work', async () => {
    const { ends, done } = start(2, 6, 4);
    const begun = performance.now();
    // Always something to do, never a pause.
    while (performance.now() - begun < 300) await immediate();
    expect(ends).to.have.length(2);
    const end = setInterval(() => {
      for (const one of ends.splice(0)) one();
    }, 5);
    await done;
    clearInterval(end);
  });

  it('goes on after work that fails', async () => {
    const take = turns(1, 1);
    const failed = take(() => Promise.reject(new Error('no'))).catch(() => 'failed');
    expect(await Promise.all([failed, take(() => Promise.resolve('done'))])).to.deep.equal(['failed', 'done']);
  });
});
