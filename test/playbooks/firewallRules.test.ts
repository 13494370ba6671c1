import { expect } from 'chai';
import { acceptedOn, type Surroundings } from '../../playbooks/roles/firewallRules.js';
import type { Service } from '../../src/model/service.js';

const host = (name: string, address: string) => ({ name, groups: [], address, vars: {} });
const [lb1, lb2, web1, web2] = [
  host('lb-01', '10.0.0.11'),
  host('lb-02', '10.0.0.12'),
  host('web-01', '10.0.0.21'),
  host('web-02', 'web-02.example'),
];
const service = (on: string, name: string, port: number, more: Partial<Service>): Service => ({
  ...{ host: on, name, title: name, port, encrypted: false, serves: [], clients: [] },
  ...more,
});
const SITE: Surroundings = {
  hosts: [lb1, lb2, web1, web2],
  balancers: [lb1, lb2],
  services: [
    service('lb-01', 'haproxy', 80, { clients: ['internet'] }),
    service('lb-01', 'haproxy_stats', 8405, { clients: ['operators'] }),
    service('web-01', 'nginx', 80, {
      clients: [
        { host: 'lb-01', service: 'haproxy' },
        { host: 'lb-02', service: 'haproxy' },
      ],
    }),
    service('web-01', 'app', 8080, { loopback: true, clients: [{ host: 'web-01', service: 'nginx' }] }),
    service('web-01', 'mysql', 3306, { stateful: true, clients: [{ host: 'web-01', service: 'app' }] }),
    service('web-02', 'mysql', 3306, { stateful: true }),
  ],
  control: [],
  open: [],
};

describe('playbooks/roles/firewallRules', () => {
  it("lets in a service's clients, and load balancers' VRRP", () => {
    expect(acceptedOn(lb1, SITE)).to.deep.equal([
      { name: 'haproxy', protocol: 'tcp', ports: [80], from: undefined },
      { name: 'VRRP', protocol: 'vrrp', ports: [], from: ['10.0.0.12'] },
    ]);
  });

  it('lets database servers reach each other both ways, and nobody to what is on the loopback address', () => {
    expect(acceptedOn(web1, SITE)).to.deep.equal([
      { name: 'nginx', protocol: 'tcp', ports: [80], from: ['10.0.0.11', '10.0.0.12'] },
      { name: 'mysql', protocol: 'tcp', ports: [3306], from: ['web-02.example'] },
    ]);
    expect(acceptedOn(web2, SITE)).to.deep.equal([{ name: 'mysql', protocol: 'tcp', ports: [3306], from: ['10.0.0.21'] }]);
  });

  it('shows what is for operators to the control addresses only, and opens what the user asks for', () => {
    const asked = { control: ['192.0.2.0/24'], open: [{ port: 51820, protocol: 'udp' as const, from: [] }] };
    expect(acceptedOn(lb1, { ...SITE, balancers: [lb1], ...asked })).to.deep.equal([
      { name: 'haproxy', protocol: 'tcp', ports: [80], from: undefined },
      { name: 'haproxy_stats', protocol: 'tcp', ports: [8405], from: ['192.0.2.0/24'] },
      { name: 'firewall_open', protocol: 'udp', ports: [51820], from: undefined },
    ]);
  });
});
