import type { Host } from 'provision/host';
import type { Client, Service } from 'provision/service';
import { isFor } from './groups.js';
import { EXPORTER_PORTS, monitorsOf, watchedHosts, type MonitoringVars } from './monitoringVars.js';

/** The services that others offer, with Prometheus as a client where it asks them, and what the monitoring itself offers. */
export function withMonitoring(services: readonly Service[], hosts: readonly Host<MonitoringVars>[]): readonly Service[] {
  const watched = watchedHosts(hosts);
  const monitors = monitorsOf(hosts);
  if (monitors.length === 0) return services;
  const prometheus = monitors.map(({ name }): Client => ({ host: name, service: 'prometheus' }));
  const isAsked = ({ host, name }: Service) => name === 'haproxy_stats' && watched.some((one) => one.name === host);
  return [
    ...services.map((service) => (isAsked(service) ? withClients(service, prometheus) : service)),
    ...watched.flatMap(({ name: host, groups }): Service[] => [
      exporter(host, 'node_exporter', 'host metrics', EXPORTER_PORTS.node, prometheus),
      ...(isFor({ groups }, 'db')
        ? [exporter(host, 'mysqld_exporter', 'database metrics', EXPORTER_PORTS.mysqld, prometheus)]
        : []),
    ]),
    ...monitors.flatMap(({ name: host, vars }): Service[] => [
      {
        host,
        name: 'prometheus',
        title: 'Prometheus',
        port: vars.prometheus_port,
        loopback: isLoopback(vars),
        encrypted: isLoopback(vars),
        serves: [],
        clients: ['operators'],
      },
      {
        host,
        name: 'alertmanager',
        title: 'Alertmanager',
        port: vars.alertmanager_port,
        loopback: isLoopback(vars),
        encrypted: isLoopback(vars),
        serves: [],
        clients: ['operators', { host, service: 'prometheus' }],
      },
      {
        host,
        name: 'blackbox_exporter',
        title: 'probes',
        port: EXPORTER_PORTS.blackbox,
        loopback: true,
        encrypted: false,
        serves: [],
        clients: [{ host, service: 'prometheus' }],
      },
    ]),
  ];
}

function withClients(service: Service, more: readonly Client[]): Service {
  return { ...service, clients: [...service.clients, ...more] };
}

function exporter(host: string, name: string, title: string, port: number, clients: readonly Client[]): Service {
  return { host, name, title, port, encrypted: false, serves: [], clients };
}

/** On the loopback address it is reached through SSH, which encrypts. */
function isLoopback(vars: MonitoringVars): boolean {
  return vars.monitoring_bind_address.startsWith('127.');
}
