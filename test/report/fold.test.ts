import { expect } from 'chai';
import type { TaskEvent } from '../../src/report/changes.js';
import { playLog } from '../../src/report/fold.js';

describe('report/fold', () => {
  it('makes one of equal tasks, with the hosts in the order of the play', () => {
    expect(
      folded(['a', 'b', 'c'], [task('c', 'x', 'create'), task('a', 'x', 'create'), task('b', 'x', 'content')]),
    ).to.deep.equal([
      ['x', 'create', ['a', 'c']],
      ['x', 'content', ['b']],
    ]);
  });

  it('tells tasks in the order in which each host has them', () => {
    const events = [task('a', 'last', '1'), task('b', 'first', '1'), task('b', 'second', '1'), task('b', 'last', '1')];
    expect(folded(['a', 'b'], events).map(([id]) => id)).to.deep.equal(['first', 'second', 'last']);
  });

  it('lets the last word count where a task is told again as failed, and keeps two tasks of one name', () => {
    const fault = { message: 'not converged' };
    const again: TaskEvent = { ...task('a', 'x', '1'), status: 'failed', fault };
    const log = playLog(['a']);
    for (const event of [task('a', 'x', '1'), again, task('a', 'y', '1'), task('a', 'y', '2')]) log.add(event);
    expect(log.folded().map(({ id, status, fault: told }) => [id, status, told])).to.deep.equal([
      ['x', 'failed', fault],
      ['y', 'changed', undefined],
      ['y', 'changed', undefined],
    ]);
  });

  it('folds a hundred tasks of five hundred hosts soon', () => {
    const hosts = Array.from({ length: 500 }, (_, index) => `h${index}`);
    const log = playLog(hosts);
    const start = performance.now();
    for (let number = 0; number < 100; number++) for (const host of hosts) log.add(task(host, `t${number}`, 'create'));
    expect(log.folded()).to.have.length(100);
    expect(performance.now() - start).to.be.lessThan(5000);
  });
});

function folded(hosts: readonly string[], events: readonly TaskEvent[]): readonly (readonly unknown[])[] {
  const log = playLog(hosts);
  for (const event of events) log.add(event);
  return log.folded().map(({ id, changes, hosts: names }) => [id, changes[0]?.summary, names]);
}

function task(host: string, id: string, summary: string): TaskEvent {
  return { type: 'task', host, play: 'p', task: id, id, status: 'changed', changes: [{ summary }] };
}
