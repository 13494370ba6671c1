import { expect } from 'chai';
import { auditDesign } from '../../src/audit/design.js';
import type { Site } from '../../src/audit/finding.js';
import type { Service } from '../../src/model/service.js';

const host = (name: string, vars: object = {}) => ({ name, groups: [], address: name, vars: { firewall_control: [], ...vars } });
const service = (on: string, name: string, more: Partial<Service>): Service => ({
  ...{ host: on, name, title: name, port: 80, encrypted: true, serves: [], clients: [] },
  ...more,
});
const exporter = (on: string, watcher: string) =>
  service(on, 'node_exporter', { clients: [{ host: watcher, service: 'prometheus' }] });
const database = (on: string, primary: boolean) =>
  service(on, 'mysql', { stateful: true, serves: primary ? ['database writes', 'database reads'] : ['database reads'] });

const TOLD = { alert_webhook_url: 'https://alerts.example' };
const SMALL: Site = {
  hosts: [host('lb-01', TOLD), host('web-01'), host('web-02')],
  services: [
    service('lb-01', 'haproxy', { serves: ['www'], clients: ['internet'] }),
    service('lb-01', 'prometheus', {}),
    ...['lb-01', 'web-01', 'web-02'].map((name) => exporter(name, 'lb-01')),
    database('web-01', true),
    database('web-02', false),
  ],
};
const LARGE: Site = {
  hosts: [host('lb-01'), host('lb-02'), host('web-01'), host('web-02'), host('mon-01', TOLD)],
  services: [
    service('lb-01', 'haproxy', { serves: ['www'], clients: ['internet'] }),
    service('lb-02', 'haproxy', { serves: ['www'], clients: ['internet'] }),
    service('mon-01', 'prometheus', {}),
    ...['lb-01', 'lb-02', 'web-01', 'web-02', 'mon-01'].map((name) => exporter(name, 'mon-01')),
    database('web-01', true),
    database('web-02', false),
  ],
};
const kinds = (site: Site) => auditDesign(site).map(({ kind, weight, hosts }) => [kind, weight, ...hosts].join(' '));

describe('audit/design', () => {
  it('names the only load balancer, and the primary whose death only that would tell of', () => {
    expect(kinds(SMALL)).to.deep.equal(['single point of failure fault lb-01', 'single point of failure fault web-01']);
    expect(auditDesign(SMALL)[1]?.summary).to.contain('provision db failover web-02');
  });

  it('finds nothing where each has a stand-in, and a host of its own watches', () => {
    expect(auditDesign(LARGE)).to.deep.equal([]);
  });

  it('tells visitors in plain text from hosts among themselves', () => {
    const plain = service('lb-01', 'page', { encrypted: false, clients: ['internet', { host: 'web-01', service: 'x' }] });
    expect(kinds({ ...LARGE, services: [...LARGE.services, plain] })).to.deep.equal([
      'plain text fault lb-01',
      'plain text note lb-01',
    ]);
    const harmless = [
      { ...plain, redirects: true },
      { ...plain, loopback: true },
    ];
    for (const one of harmless) expect(kinds({ ...LARGE, services: [...LARGE.services, one] })).to.deep.equal([]);
  });

  it('names hosts without a firewall, hosts that nobody watches, and alerts that nobody gets', () => {
    const hosts = [...LARGE.hosts.slice(0, 4), host('mon-01'), host('old-01', { firewall_enabled: false })];
    expect(kinds({ ...LARGE, hosts })).to.deep.equal([
      'firewall fault old-01',
      'unmonitored fault old-01',
      'unmonitored fault mon-01',
    ]);
  });
});
