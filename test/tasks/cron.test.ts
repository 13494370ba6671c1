import { expect } from 'chai';
import { ABSENT } from '../../src/facts/file.js';
import { InputError } from '../../src/model/errors.js';
import { cron } from '../../src/tasks/cron.js';
import { planAfter, planOn } from '../support/plan.js';

const task = cron({
  name: 'backup',
  schedule: '15 3 * * 1-5',
  command: 'backup >/tmp/$(date +%F)',
  mailTo: '',
  environment: { A: 'b c' },
});

describe('tasks/cron', () => {
  it('writes a file of its own, percent signs escaped, once it is sure that cron is there', async () => {
    const [change] = await planOn(task, { file: ABSENT });
    expect(change?.diff?.after).to.equal(
      [
        '# Managed by provision.',
        'SHELL=/bin/sh',
        'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        'MAILTO=""',
        'A="b c"',
        String.raw`15 3 * * 1-5 root backup >/tmp/$(date +\%F)`,
        '',
      ].join('\n'),
    );
    expect(change?.steps.map((step) => step.kind)).to.deep.equal(['shell', 'put']);
    expect(await planAfter(task, { file: ABSENT })).to.deep.equal([]);
  });

  it('removes it', async () => {
    const absent = cron({ name: 'backup', state: 'absent' });
    expect(await planOn(absent, { file: ABSENT })).to.deep.equal([]);
    expect((await planOn(absent, { file: { ...ABSENT, type: 'file', content: 'x' } }))[0]?.summary).to.equal('remove');
  });

  it('refuses schedules and names that cron would not run', () => {
    const make = (schedule: string, name = 'a') => cron({ name, schedule, command: 'x' });
    expect(() => make('* * * *')).to.throw(InputError, 'five fields');
    expect(() => make('@sometimes')).to.throw(InputError, 'five fields');
    expect(() => make('@daily', 'a.sh')).to.throw(InputError, 'name');
    expect(() => cron({ name: 'a', schedule: '@daily', command: 'x\ny' })).to.throw(InputError, 'one line');
    expect(() => make('*/5 0-6,22 * jan-mar mon')).to.not.throw();
  });
});
