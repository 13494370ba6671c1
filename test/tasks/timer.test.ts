import { expect } from 'chai';
import fc from 'fast-check';
import { ABSENT, type FileState } from '../../src/facts/file.js';
import type { UnitState } from '../../src/facts/units.js';
import { InputError } from '../../src/model/errors.js';
import { unitWord } from '../../src/tasks/shared/unitText.js';
import { timer } from '../../src/tasks/timer.js';
import { planAfter, planOn } from '../support/plan.js';

const notFound: UnitState = {
  systemd: true,
  load: 'not-found',
  active: 'inactive',
  enabled: '',
  type: '',
  remains: false,
  canReload: false,
  needsDaemonReload: false,
};
const bare = { file: ABSENT, unit: notFound };
const task = timer({ name: 'backup', onCalendar: '*-*-* 03:15', command: 'backup "$HOME" 50%\ndate' });

describe('tasks/timer', () => {
  it('writes both units, enables and starts, as one change of three parts', async () => {
    const [change, ...more] = await planOn(task, bare);
    expect(more).to.deep.equal([]);
    expect(change?.parts?.map(({ summary }) => summary)).to.deep.equal(['service: create', 'timer: create', 'enable, start']);
    expect(change?.parts?.[0].diff?.after).to.equal(
      [
        '# Managed by provision.',
        '[Unit]',
        'Description=backup',
        '',
        '[Service]',
        'Type=oneshot',
        'User=root',
        String.raw`ExecStart=/bin/sh -c "backup \"$$HOME\" 50%%\ndate"`,
        '',
      ].join('\n'),
    );
    expect(change?.parts?.[1]?.diff?.after).to.contain('[Timer]\nOnCalendar=*-*-* 03:15\nPersistent=yes\n');
    expect(await planAfter(task, bare)).to.deep.equal([]);
  });

  it('restarts a running timer for new times, and starts one that was stopped', async () => {
    const after = Object.fromEntries(
      (await planOn(task, bare)).flatMap((change) => change.predicts ?? []).map(({ key, value }) => [key, value]),
    );
    const later = timer({ name: 'backup', onCalendar: ['daily', 'Mon 04:00'], command: 'backup "$HOME" 50%\ndate' });
    expect((await planOn(later, after))[0]?.summary).to.equal('timer: content, restart');
    const unit = after['unit(backup.timer)'] as UnitState;
    expect((await planOn(task, { ...after, 'unit(backup.timer)': { ...unit, active: 'inactive' } }))[0]?.summary).to.equal(
      'start',
    );
    expect((await planOn(task, { ...after, 'unit(backup.timer)': { ...unit, enabled: 'disabled' } }))[0]?.summary).to.equal(
      'enable',
    );
    const job = after['unit(backup.service)'] as UnitState;
    expect((await planOn(task, { ...after, 'unit(backup.service)': { ...job, needsDaemonReload: true } }))[0]?.summary).to.equal(
      'restart',
    );
  });

  it('removes both units', async () => {
    const file: FileState = { type: 'file', mode: '0644', owner: 'root', group: 'root', size: 1, sha256: 'aa' };
    const absent = timer({ name: 'backup', state: 'absent' });
    const there = { file, unit: { ...notFound, load: 'loaded', active: 'active' } };
    expect((await planOn(absent, there))[0]?.summary).to.equal('stop, remove');
    expect(await planAfter(absent, there)).to.deep.equal([]);
  });

  it('quotes any command so that systemd reads it back', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '"', "'", '\\', '%', '$', '\n', '\t', ' ', '{', ';', 'é') }), (word) => {
        expect(readBack(unitWord(word))).to.equal(word);
      }),
    );
  });

  it('refuses what would not be a unit', () => {
    expect(() => timer({ name: 'a b', onCalendar: 'daily', command: 'x' })).to.throw(InputError, 'name');
    expect(() => timer({ name: 'a', onCalendar: 'daily' })).to.throw(InputError, 'onCalendar and command');
    expect(() => timer({ name: 'a', onCalendar: 'daily\nx', command: 'x' })).to.throw(InputError, 'one line');
  });
});

/** How systemd reads a double-quoted word of an Exec line: C escapes, then `%%` and `$$`. */
function readBack(word: string): string {
  expect(word).to.match(/^"(?:[^"\\\n]|\\.)*"$/);
  const plain = word.slice(1, -1).replaceAll(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c === 't' ? '\t' : c));
  expect(plain.replaceAll('%%', '').replaceAll('$$', '')).to.not.match(/[%$]/);
  return plain.replaceAll('%%', '%').replaceAll('$$', () => '$');
}
