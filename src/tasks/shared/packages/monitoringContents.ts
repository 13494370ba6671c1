import type { PackageContents } from './contents.js';

const account: PackageContents = { groups: ['prometheus'] };

/** What all of them bring, and who comes first makes: the account, whose comment depends on the release, and its home, which is root's or its own. */
const shared: PackageContents['touches'] = [
  'user:prometheus',
  'path:/var/lib/prometheus',
  'path:/var/log/prometheus',
  'path:/etc/adduser.conf',
  'path:/etc/deluser.conf',
];

/** Prometheus and its exporters, as Debian 12 and 13 have them, measured without recommended packages. */
export const monitoringContents: Readonly<Record<string, PackageContents>> = {
  prometheus: {
    ...account,
    units: { 'prometheus.service': { type: 'simple', enabled: 'enabled', canReload: true } },
    directories: [
      '/etc/prometheus',
      '/etc/prometheus/console_libraries',
      '/etc/prometheus/consoles',
      '/var/lib/prometheus/metrics2 prometheus:prometheus',
    ],
    files: ['/etc/default/prometheus', '/etc/logrotate.d/prometheus', '/etc/prometheus/prometheus.yml'],
    touches: [
      ...shared,
      'path:/etc/prometheus/console_libraries/**',
      'path:/etc/prometheus/consoles/**',
      'path:/etc/apache2/**',
      'path:/etc/lighttpd/**',
    ],
  },
  'prometheus-alertmanager': {
    ...account,
    units: { 'prometheus-alertmanager.service': { type: 'simple', enabled: 'enabled', canReload: true } },
    directories: [
      '/etc/prometheus',
      '/etc/prometheus/alertmanager_templates',
      '/var/lib/prometheus/alertmanager prometheus:prometheus',
    ],
    files: [
      '/etc/default/prometheus-alertmanager',
      '/etc/logrotate.d/prometheus-alertmanager',
      '/etc/prometheus/alertmanager.yml',
    ],
    touches: [...shared, 'path:/etc/prometheus/alertmanager_templates/**'],
  },
  'prometheus-blackbox-exporter': {
    ...account,
    units: { 'prometheus-blackbox-exporter.service': { type: 'simple', enabled: 'enabled', canReload: true } },
    directories: ['/etc/prometheus'],
    files: [
      '/etc/default/prometheus-blackbox-exporter',
      '/etc/logrotate.d/prometheus-blackbox-exporter',
      '/etc/prometheus/blackbox.yml',
    ],
    touches: shared,
  },
  'prometheus-node-exporter': {
    ...account,
    units: { 'prometheus-node-exporter.service': { type: 'simple', enabled: 'enabled', canReload: true } },
    directories: ['/var/lib/prometheus/node-exporter'],
    files: ['/etc/default/prometheus-node-exporter', '/etc/logrotate.d/prometheus-node-exporter'],
    touches: shared,
  },
  'prometheus-mysqld-exporter': {
    ...account,
    units: { 'prometheus-mysqld-exporter.service': { type: 'simple', enabled: 'enabled' } },
    files: ['/etc/default/prometheus-mysqld-exporter prometheus:prometheus 0640', '/etc/logrotate.d/prometheus-mysqld-exporter'],
    touches: shared,
  },
};
