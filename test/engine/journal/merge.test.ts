import { expect } from 'chai';
import { mergeJournal } from '../../../src/engine/journal/merge.js';
import type { JournalTask } from '../../../src/model/journal.js';

const was = (creates: JournalTask['creates'] = []): JournalTask => ({ kind: 'file', code: 'old', reads: { r: 'old' }, creates });
const state = { kind: 'file', code: 'new', reads: { r: 'new' } };
const journal = (tasks: Readonly<Record<string, JournalTask>>) => ({ format: 1 as const, written: '', tasks });

describe('engine/journal/merge', () => {
  it('keeps what a task once created, and notes of runs that did not end', () => {
    const merged = mergeJournal(
      {
        journal: journal({ 'file a': was(['path:/a']) }),
        created: [
          { task: 'file a', topic: 'path:/a2' },
          { task: 'user b', topic: 'user:b' },
        ],
      },
      [{ id: 'file a', state }],
      true,
    );
    expect(merged.tasks).to.deep.equal({
      'file a': { ...state, creates: ['path:/a', 'path:/a2'] },
      'user b': { kind: 'user', code: '', reads: {}, creates: ['user:b'] },
    });
  });

  it('forgets tasks that are no longer in the code and made nothing, after a whole run only', () => {
    const old = { journal: journal({ 'file gone': was(), 'file made': was(['path:/made']) }), created: [] };
    expect(Object.keys(mergeJournal(old, [], true).tasks)).to.deep.equal(['file made']);
    expect(Object.keys(mergeJournal(old, [], false).tasks)).to.deep.equal(['file gone', 'file made']);
  });

  it('leaves a task that did not get in order as it was', () => {
    const old = { journal: journal({ 'file a': was() }), created: [] };
    expect(mergeJournal(old, [{ id: 'file a', state: undefined }], true).tasks['file a']).to.deep.equal(was());
  });
});
