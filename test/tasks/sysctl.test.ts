import { expect } from 'chai';
import { ABSENT } from '../../src/facts/file.js';
import { InputError } from '../../src/model/errors.js';
import { sysctl } from '../../src/tasks/sysctl.js';
import { planAfter, planOn } from '../support/plan.js';

const task = sysctl({ values: { 'net.core.somaxconn': 4096, 'net.ipv4.ip_local_port_range': '1024\t 65000' } });
const live = { 'sysctl(net.core.somaxconn)': '4096', 'sysctl(net.ipv4.ip_local_port_range)': '32768 60999' };

describe('tasks/sysctl', () => {
  it('sets only the live values that differ, before it writes the file', async () => {
    const changes = await planOn(task, { file: ABSENT, ...live });
    expect(changes.map(({ summary }) => summary)).to.deep.equal([
      'net.ipv4.ip_local_port_range 32768 60999 → 1024 65000',
      'create',
    ]);
    expect(changes[1]?.diff?.after).to.equal(
      '# Managed by provision.\nnet.core.somaxconn = 4096\nnet.ipv4.ip_local_port_range = 1024 65000\n',
    );
    const [step] = changes[0]?.steps ?? [];
    expect(step?.kind === 'shell' && step.script)
      .to.contain('/proc/sys/net/ipv4/ip_local_port_range')
      .and.not.contain('somaxconn');
    expect(await planAfter(task, { file: ABSENT, ...live })).to.deep.equal([]);
  });

  it('plans a parameter that is not there yet: a later module may bring it', async () => {
    const [change] = await planOn(task, { file: ABSENT, ...live, 'sysctl(net.core.somaxconn)': undefined });
    expect(change?.summary).to.contain('net.core.somaxconn (none) → 4096');
  });

  it('refuses what is no parameter', () => {
    expect(() => sysctl({ values: {} })).to.throw(InputError, 'at least one');
    expect(() => sysctl({ values: { '../x': 1 } })).to.throw(InputError, 'kernel parameter');
    expect(() => sysctl({ values: { 'vm.swappiness': '1\n2' } })).to.throw(InputError, 'one line');
  });
});
