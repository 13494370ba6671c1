import { expect } from 'chai';
import { watch, type Watcher } from '../../playbooks/app/db/watch.js';
import { until } from './support/until.js';

describe('a watcher', () => {
  let watcher: Watcher | undefined;
  afterEach(() => watcher?.stop());

  it('looks at once and again and again, until it is stopped', async () => {
    const looks = { first: 0, second: 0 };
    const count = (name: 'first' | 'second') => (): Promise<void> => {
      looks[name]++;
      return Promise.resolve();
    };
    watcher = watch(2, count('first'));
    expect(looks.first).to.equal(1);
    await until('more looks', () => Promise.resolve(looks.first > 3 ? true : undefined));
    watcher.stop();
    const last = looks.first;
    // Another one with the same pace is the clock that shows that the first would have looked again.
    watcher = watch(2, count('second'));
    await until('looks of another', () => Promise.resolve(looks.second > 3 ? true : undefined));
    expect(looks.first).to.equal(last);
  });

  it('refreshes with a look that began after the call, one for all who ask meanwhile', async () => {
    const open: (() => void)[] = [];
    watcher = watch(60_000, () => new Promise((resolve) => open.push(resolve)));
    const done: string[] = [];
    const ask = async (name: string): Promise<void> => {
      await watcher?.refresh();
      done.push(name);
    };
    const asked = [ask('first'), ask('second')];
    open[0]?.();
    await until('the second look', () => Promise.resolve(open.length === 2 ? true : undefined));
    expect(done, 'the look that was under way does not count').to.deep.equal([]);
    open[1]?.();
    await Promise.all(asked);
    expect(done).to.deep.equal(['first', 'second']);
    expect(open).to.have.length(2);
  });
});
