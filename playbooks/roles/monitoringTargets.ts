import type { Host } from 'provision/host';
import { isFor, SITE_GROUPS, type SiteGroup } from './groups.js';
import { virtualAddresses, type KeepalivedVars } from './keepalivedVars.js';
import { EXPORTER_PORTS, watchedHosts, type MonitoringVars } from './monitoringVars.js';
import { addressOf } from './network.js';
import type { TlsVars } from './tlsVars.js';

export type PrometheusVars = MonitoringVars &
  KeepalivedVars &
  TlsVars & { readonly haproxy_port: number; readonly haproxy_https_port: number; readonly haproxy_stats_port: number };

/** Something that Prometheus asks, and what it calls it. */
export interface Target {
  /** Address and port. */
  readonly target: string;
  readonly host: string;
  /** The groups of the host, as one word: `web-db`. */
  readonly role: string;
}

/** What prometheus.yml.ejs and alerts.yml.ejs are given. */
export interface PrometheusTemplate {
  readonly site: string;
  readonly domain: string;
  readonly interval: number;
  readonly alertmanager: string;
  /** The daemons of the monitoring itself. */
  readonly own: readonly { readonly job: string; readonly target: string; readonly host: string }[];
  readonly nodes: readonly Target[];
  readonly balancers: readonly Target[];
  readonly databases: readonly Target[];
  /** Where the site is asked for from outside: its virtual addresses, or each load balancer's own. */
  readonly urls: readonly string[];
  readonly blackbox: string;
  /** Names of the virtual addresses, as keepalived and its metric call them. */
  readonly virtual: readonly { readonly name: string; readonly address: string }[];
  readonly replicationLag: number;
  readonly certificateDays: number;
  readonly errorPercent: number;
  /** How old the newest backup may be. Left out where not all databases are watched: one of the others may make it. */
  readonly backupHours?: number | undefined;
}

/** What the Prometheus of a host is to ask, of all hosts of the site. */
export function prometheusOf(
  { name: host, vars }: Host<PrometheusVars>,
  all: readonly Host<PrometheusVars>[],
): PrometheusTemplate {
  const watched = watchedHosts(all);
  const watchedFor = (group: SiteGroup) => watched.filter((one) => isFor(one, group));
  const target = (one: Host<PrometheusVars>, port: number): Target => ({
    target: `${addressOf(one)}:${port}`,
    host: one.name,
    role: SITE_GROUPS.filter((group) => isFor(one, group)).join('-'),
  });
  const local = vars.monitoring_bind_address === '0.0.0.0' ? '127.0.0.1' : vars.monitoring_bind_address;
  const alertmanager = `${local}:${vars.alertmanager_port}`;
  const blackbox = `127.0.0.1:${EXPORTER_PORTS.blackbox}`;
  const balancers = all.filter((one) => isFor(one, 'lb'));
  const virtual = virtualAddresses(balancers);
  const entries = virtual.length > 0 ? virtual.map(({ address }) => address) : balancers.map(addressOf);
  return {
    site: vars.app_name,
    domain: vars.domain,
    interval: vars.prometheus_interval,
    alertmanager,
    own: [
      { job: 'prometheus', target: `${local}:${vars.prometheus_port}`, host },
      { job: 'alertmanager', target: alertmanager, host },
      { job: 'blackbox', target: blackbox, host },
    ],
    nodes: watched.map((one) => target(one, EXPORTER_PORTS.node)),
    balancers: watchedFor('lb').map((one) => target(one, one.vars.haproxy_stats_port)),
    databases: watchedFor('db').map((one) => target(one, EXPORTER_PORTS.mysqld)),
    urls: entries.map((address) => urlOf(address, vars)),
    blackbox,
    virtual: virtual.map(({ name, address }) => ({ name, address })),
    replicationLag: vars.alert_replication_lag,
    certificateDays: vars.alert_certificate_days,
    errorPercent: vars.alert_error_percent,
    backupHours: all.every((one) => !isFor(one, 'db') || watched.includes(one)) ? vars.alert_backup_hours : undefined,
  };
}

function urlOf(address: string, vars: PrometheusVars): string {
  const [scheme, usual, port] =
    vars.tls_certificate === 'none' ? ['http', 80, vars.haproxy_port] : ['https', 443, vars.haproxy_https_port];
  return `${scheme}://${address}${port === usual ? '' : `:${port}`}/`;
}
