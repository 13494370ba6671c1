import { expect } from 'chai';
import { keepalived } from '../../playbooks/roles/keepalived.js';
import { keepalivedVars } from '../../playbooks/roles/keepalivedVars.js';
import { flatten } from '../../src/model/playbook.js';

const TWO = ['lb-01', 'lb-02'];

/** What the role does on lb-01, of two load balancers, or of those that are named. */
function tasksOf(given: Record<string, unknown>, here: boolean, names: readonly string[] = TWO): readonly string[] {
  const vars = { ...keepalivedVars.parse(given), haproxy_stats_port: 8405 };
  const balancers = names.map((name, index) => ({ name, address: `10.0.0.${11 + index}`, groups: ['all', 'lb'], vars }));
  const [host] = balancers;
  if (host === undefined) throw new Error('no load balancer');
  const facts = { addresses: [], keepalived: here };
  return flatten(keepalived({ host, vars, hosts: () => balancers, facts })).map(({ id }) => id);
}

describe('playbooks/roles/keepalived', () => {
  const VIRTUAL = { virtual_address: '10.0.0.100' };

  it('leaves a host alone that never had a virtual address', () => {
    expect(tasksOf({}, false)).to.deep.equal([]);
    expect(tasksOf(VIRTUAL, false, ['lb-01'])).to.deep.equal([]);
  });

  it('stops what it has set up before it removes it, and last what it knows it by', () => {
    const tasks = tasksOf({}, true);
    expect(tasks[0]).to.equal('service keepalived');
    expect(tasks.at(-1)).to.equal('file /etc/keepalived/notify.sh');
    expect(tasks).to.include.members([
      'file /etc/keepalived/keepalived.conf',
      'systemdUnit keepalived.service.d/restart.conf',
      'file /var/lib/prometheus/node-exporter/vrrp-VI_1.prom',
      'file /var/lib/prometheus/node-exporter/vrrp-VI_2.prom',
      'user keepalived_script',
    ]);
    expect(tasks.filter((id) => id.startsWith('package'))).to.deep.equal([]);
    expect(tasksOf(VIRTUAL, true, ['lb-01'])).to.deep.equal(tasks);
  });

  it('does the same whether it has been there before or not where there is an address', () => {
    expect(tasksOf(VIRTUAL, true)).to.deep.equal(tasksOf(VIRTUAL, false)).and.to.include('service keepalived');
  });
});
