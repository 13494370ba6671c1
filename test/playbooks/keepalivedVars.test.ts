import { expect } from 'chai';
import {
  checkKeepalived,
  interfaceOf,
  keepalivedVars,
  priorityOf,
  virtualAddresses,
} from '../../playbooks/roles/keepalivedVars.js';

function balancer(name: string, address: string, vars: Record<string, unknown> = {}) {
  return { name, address, groups: ['all', 'lb'], vars: keepalivedVars.parse(vars) };
}

const two = (vars: Record<string, unknown>) => [balancer('lb-01', '10.0.0.11', vars), balancer('lb-02', '10.0.0.12', vars)];
const faultsOf = (hosts: ReturnType<typeof two>) => checkKeepalived(hosts, hosts).map(({ message }) => message);

const ONE = { virtual_address: '10.0.0.100' };
const BOTH = { ...ONE, virtual_address_second: '10.0.0.101', keepalived_mode: 'active-active' };

describe('playbooks/roles/keepalivedVars', () => {
  it('has no virtual address without one in the variables, or without a second load balancer', () => {
    expect(virtualAddresses(two({}))).to.deep.equal([]);
    expect(virtualAddresses(two(ONE).slice(0, 1))).to.deep.equal([]);
    expect(virtualAddresses([])).to.deep.equal([]);
  });

  it('gives the address to the first, and with two addresses one to each', () => {
    expect(virtualAddresses(two(ONE)).map(({ address, order }) => [address, ...order])).to.deep.equal([
      ['10.0.0.100', 'lb-01', 'lb-02'],
    ]);
    const both = virtualAddresses(two(BOTH));
    expect(both.map(({ name, address, routerId, order }) => [name, address, routerId, ...order])).to.deep.equal([
      ['VI_1', '10.0.0.100', 51, 'lb-01', 'lb-02'],
      ['VI_2', '10.0.0.101', 52, 'lb-02', 'lb-01'],
    ]);
    for (const one of both) {
      const [high = '', low = ''] = one.order;
      expect(priorityOf(one, high)).to.be.greaterThan(priorityOf(one, low));
    }
  });

  it('finds the interface by the own address, else by the network of the virtual one, unless it is told', () => {
    const [host = balancer('', '')] = two(ONE);
    const eth = { interface: 'eth0', address: '10.0.0.11', prefix: 24, family: 4, scope: 'global' } as const;
    const other = { interface: 'eth1', address: '10.1.0.1', prefix: 16, family: 4, scope: 'global' } as const;
    expect(interfaceOf(host, '10.0.0.100', [other, eth])).to.equal('eth0');
    expect(interfaceOf(host, '10.1.7.7', [other])).to.equal('eth1');
    expect(interfaceOf(balancer('lb-01', '10.0.0.11', { keepalived_interface: 'bond0' }), '10.0.0.100', [eth])).to.equal('bond0');
    expect(() => interfaceOf(host, '10.2.0.1', [other])).to.throw(
      /^lb-01 has no interface .* \(it has eth1 10\.1\.0\.1\/16\): set keepalived_interface/,
    );
  });

  it('takes what can be', () => {
    for (const hosts of [two({}), two(ONE), two(BOTH), two({}).slice(0, 1), []]) expect(faultsOf(hosts)).to.deep.equal([]);
  });

  it('refuses what cannot', () => {
    expect(faultsOf(two(ONE).slice(0, 1))).to.deep.equal([
      '"virtual_address": 10.0.0.100 has no second load balancer to move to: the group lb has only lb-01',
    ]);
    expect(faultsOf(two({ ...ONE, keepalived_mode: 'active-active' }))).to.deep.equal([
      '"keepalived_mode": active-active needs a second virtual address',
    ]);
    expect(faultsOf(two({ keepalived_mode: 'active-active' }))).to.deep.equal([
      '"keepalived_mode": active-active needs virtual addresses, and there is none',
    ]);
    expect(faultsOf(two({ ...BOTH, keepalived_mode: 'active-passive' }))).to.deep.equal([
      '"virtual_address_second": with active-passive nobody would hold it',
    ]);
    expect(faultsOf(two({ ...BOTH, virtual_address_second: '10.0.0.100' }))).to.deep.equal([
      '"virtual_address_second": it is the same as virtual_address',
    ]);
    expect(faultsOf(two({ virtual_address: '10.0.0.12' }))).to.deep.equal([
      '"virtual_address": 10.0.0.12 is the address of lb-02 itself',
    ]);
    expect(faultsOf([balancer('lb-01', '10.0.0.11', ONE), balancer('lb-02', '10.0.0.12')])).to.deep.equal([
      '"virtual_address": the hosts of the group lb do not agree on it',
    ]);
    expect(faultsOf([balancer('lb-01', '10.0.0.11', ONE), balancer('lb-02', 'lb.example', ONE)])).to.deep.equal([
      'lb-02: load balancers know each other by IPv4 address, and "lb.example" is none',
    ]);
  });
});
