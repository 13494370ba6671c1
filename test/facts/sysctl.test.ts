import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { plainValue, sysctlPath, sysctlValue } from '../../src/facts/sysctl.js';
import { askLocally } from '../support/shell.js';

describe('facts/sysctl', () => {
  it('reads whole values of several parameters at once, and knows which are not there', () => {
    const [range, nope, pid] = askLocally(
      sysctlValue('net.ipv4.ip_local_port_range'),
      sysctlValue('net.core.nope'),
      sysctlValue('kernel.pid_max'),
    );
    expect(range)
      .to.equal(plainValue(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8')))
      .and.match(/^\d+ \d+$/);
    expect(nope).to.equal(undefined);
    expect(pid).to.match(/^\d+$/);
  });

  it('finds the file of a parameter as sysctl does', () => {
    expect(sysctlPath('net.ipv4.conf.all.rp_filter')).to.equal('/proc/sys/net/ipv4/conf/all/rp_filter');
    expect(sysctlPath('net.ipv4.conf.eth0/100.rp_filter')).to.equal('/proc/sys/net/ipv4/conf/eth0.100/rp_filter');
    expect(sysctlPath('net/ipv4/conf/eth0.100/rp_filter')).to.equal('/proc/sys/net/ipv4/conf/eth0.100/rp_filter');
  });
});
