import { expect } from 'chai';
import { keepalivedVars } from '../../playbooks/roles/keepalivedVars.js';
import { withMonitoring } from '../../playbooks/roles/monitoringServices.js';
import { prometheusOf } from '../../playbooks/roles/monitoringTargets.js';
import { checkMonitoring, monitoringVars, monitorsOf } from '../../playbooks/roles/monitoringVars.js';
import { tlsVars } from '../../playbooks/roles/tlsVars.js';
import type { Service } from '../../src/model/service.js';

function host(name: string, groups: readonly string[], vars: Record<string, unknown> = {}) {
  return { name, address: `${name}.example`, groups: ['all', ...groups], vars: monitoringVars.parse(vars) };
}

const SMALL = [host('lb-01', ['lb']), host('web-01', ['web', 'db'])];
const LARGE = [...SMALL, host('mon-01', ['mon'])];

const STATS: Service = {
  host: 'lb-01',
  name: 'haproxy_stats',
  title: 'statistics',
  port: 8405,
  encrypted: false,
  serves: [],
  clients: ['operators'],
};

describe('playbooks/roles/monitoring', () => {
  it('is on the hosts of the group mon, else on the first load balancer', () => {
    const names = (hosts: typeof SMALL) => monitorsOf(hosts).map(({ name }) => name);
    expect(names(LARGE)).to.deep.equal(['mon-01']);
    expect(names(SMALL)).to.deep.equal(['lb-01']);
    expect(names([host('lb-01', ['lb'], { monitoring_enabled: false })])).to.deep.equal([]);
  });

  it('tells who asks what: exporters and statistics are open to Prometheus alone, pages to operators', () => {
    const services = withMonitoring([STATS], LARGE);
    const clientsOf = (at: string, name: string) => services.find((one) => one.host === at && one.name === name)?.clients;
    const prometheus = { host: 'mon-01', service: 'prometheus' };
    expect(clientsOf('web-01', 'node_exporter')).to.deep.equal([prometheus]);
    expect(clientsOf('web-01', 'mysqld_exporter')).to.deep.equal([prometheus]);
    expect(clientsOf('lb-01', 'haproxy_stats')).to.deep.equal(['operators', prometheus]);
    expect(clientsOf('mon-01', 'prometheus')).to.deep.equal(['operators']);
    expect(
      services.filter(({ host: at, loopback }) => at === 'mon-01' && loopback === true).map(({ name }) => name),
    ).to.deep.equal(['prometheus', 'alertmanager', 'blackbox_exporter']);
    expect(clientsOf('lb-01', 'mysqld_exporter')).to.equal(undefined);
  });

  it('leaves a site alone that nobody watches', () => {
    const off = SMALL.map(({ name, groups }) => host(name, groups.slice(1), { monitoring_enabled: false }));
    expect(withMonitoring([STATS], off)).to.deep.equal([STATS]);
  });

  it('misses a backup only where every host that may make one is watched', () => {
    const full = (one: ReturnType<typeof host>) => {
      const ports = { haproxy_port: 80, haproxy_https_port: 443, haproxy_stats_port: 8405 };
      return { ...one, vars: { ...keepalivedVars.parse({}), ...tlsVars.parse({}), ...ports, ...one.vars } };
    };
    const monitor = full(host('lb-01', ['lb'], { alert_backup_hours: 170 }));
    const hoursWith = (...more: readonly ReturnType<typeof host>[]) =>
      prometheusOf(monitor, [monitor, ...more.map(full)]).backupHours;
    expect(hoursWith(host('web-01', ['web', 'db']))).to.equal(170);
    const unwatched = { monitoring_enabled: false };
    expect(hoursWith(host('web-01', ['web', 'db']), host('web-02', ['web', 'db'], unwatched))).to.equal(undefined);
    expect(hoursWith(host('web-01', ['web', 'db']), host('web-02', ['web'], unwatched))).to.equal(170);
  });

  it('refuses receivers that could not get anything', () => {
    const faults = (vars: Record<string, unknown>) =>
      checkMonitoring([host('lb-01', ['lb'], vars)]).map(({ message }) => message);
    expect(
      faults({ alert_mail_to: ['a@foobar.com'], alert_mail_from: 'b@foobar.com', alert_mail_server: 'mail:25' }),
    ).to.deep.equal([]);
    expect(faults({ alert_mail_to: ['a@foobar.com'] })).to.deep.equal([
      '"alert_mail_to": mail needs "alert_mail_from" too',
      '"alert_mail_to": mail needs "alert_mail_server" too',
    ]);
    expect(faults({ alert_mail_user: 'a' })).to.deep.equal(['"alert_mail_user" and "alert_mail_password" go together']);
    expect(faults({ alert_webhook_url: 'chat.foobar.com/x' })).to.deep.equal([
      '"alert_webhook_url": expected an address that begins with http:// or https://',
    ]);
  });
});
