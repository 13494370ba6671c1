import { expect } from 'chai';
import type { ChangeReport, RunEvent, TaskStatus } from '../../src/model/event.js';
import { compareParity, isTrue } from '../../src/report/parity.js';
import { parityLines } from '../../src/report/parityText.js';

const task = (id: string, status: TaskStatus, changes: readonly ChangeReport[] = []): RunEvent => ({
  type: 'task',
  host: 'web-01',
  play: 'Web',
  task: id,
  id,
  status,
  changes,
});
const written = (after: string): readonly ChangeReport[] => [{ summary: 'content', diff: { before: 'old\n', after } }];

describe('report/parity', () => {
  it('finds the truth in equal words and equal diffs', () => {
    const parity = compareParity(
      [task('file a', 'changed', written('new\n')), task('file b', 'ok'), task('file c', 'skipped')],
      [task('file a', 'changed', written('new\n')), task('file b', 'ok')],
    );
    expect(parity).to.deep.include({ tasks: 2, exact: 1 });
    expect(isTrue(parity)).to.equal(true);
    expect(parityLines(parity).at(-1)).to.equal('the plan told the truth');
  });

  it('tells each kind of untruth apart', () => {
    const parity = compareParity(
      [
        task('other diff', 'changed', written('new\n')),
        task('did not come', 'changed', written('new\n')),
        task('surprise', 'ok'),
        task('needless error', 'failed'),
        task('open', 'unknown'),
      ],
      [
        task('other diff', 'changed', written('newer\n')),
        task('did not come', 'ok'),
        task('surprise', 'changed', written('new\n')),
        task('needless error', 'ok'),
        task('open', 'changed', written('new\n')),
        task('unheard of', 'changed', written('new\n')),
      ],
    );
    const ids = (entries: readonly { id: string }[]) => entries.map(({ id }) => id);
    expect(ids(parity.different)).to.deep.equal(['other diff']);
    expect(ids(parity.missing)).to.deep.equal(['did not come']);
    expect(ids(parity.unannounced)).to.deep.equal(['surprise', 'unheard of']);
    expect(ids(parity.spuriousErrors)).to.deep.equal(['needless error']);
    expect(ids(parity.unknown)).to.deep.equal(['open']);
    expect(isTrue(parity)).to.equal(false);
    expect(parityLines(parity).join('\n')).to.contain('1 of 5 tasks known after apply (20.0 %)');
  });
});
