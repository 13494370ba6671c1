import type { NetworkAddress } from 'provision/facts/addresses';
import type { MysqlNode } from 'provision/facts/mysqlNode';
import type { Virtualization } from 'provision/facts/virtualization';
import type { Host } from 'provision/host';
import type { GroupFacts, TaskContext, TaskList } from 'provision/playbook';
import { mapText, type Text } from 'provision/secret';
import { configFiles } from 'provision/tasks/configFiles';
import { directory } from 'provision/tasks/directory';
import { file } from 'provision/tasks/file';
import { mysqlUser } from 'provision/tasks/mysqlUser';
import { packages } from 'provision/tasks/packages';
import { service } from 'provision/tasks/service';
import { systemdUnit } from 'provision/tasks/systemdUnit';
import { template } from 'provision/tasks/template';
import { isFor } from './groups.js';
import { EXPORTER_PORTS, monitorsOf, type MonitoringVars } from './monitoringVars.js';
import { prometheusOf, type PrometheusVars } from './monitoringTargets.js';
import { addressOf } from './network.js';
import { primaryOf } from './mysqlPrimary.js';
import type { MysqlVars } from './mysqlVars.js';

interface Facts {
  readonly addresses: readonly NetworkAddress[];
  readonly virtualization: Virtualization;
}

/** What blackbox.yml.ejs is given. */
export interface BlackboxTemplate {
  readonly domain: string;
  /** The authority by which the site's certificate is checked. Left out: the usual ones. */
  readonly authority?: string | undefined;
}

/** What alertmanager.yml.ejs is given. */
export interface AlertmanagerTemplate {
  readonly webhooks: readonly Text[];
  /** `user` is empty where the server wants no login. */
  readonly mails: readonly {
    readonly to: string;
    readonly from: string;
    readonly server: string;
    readonly tls: boolean;
    readonly user: string;
    readonly password: Text;
  }[];
}

/** The site's own authority, for the probes from outside. */
const AUTHORITY = '/etc/prometheus/site-ca.pem';
/** The account of the operating system that Debian's exporters run as, and of the database that they ask with. */
const ACCOUNT = 'prometheus';
/** How the database exporter gets in. */
const DATABASE_ACCESS = '/etc/prometheus/mysqld-exporter.cnf';
const TEXT_FILES = '/var/lib/prometheus/node-exporter';

/** What every host tells of itself: the system's metrics, and its database's where it has one. */
export function exporters({ host, vars, facts }: TaskContext<MonitoringVars, never, Facts>): TaskList {
  if (!vars.monitoring_enabled) return [];
  const address = ownAddress(host, facts.addresses);
  const node: Daemon = {
    unit: exporter('node'),
    port: EXPORTER_PORTS.node,
    args: [
      `--web.listen-address=${address}:${EXPORTER_PORTS.node}`,
      `--collector.textfile.directory=${TEXT_FILES}`,
      '--collector.systemd',
      // A container has its machine's clock, which is watched there.
      ...(facts.virtualization.container ? ['--no-collector.timex'] : []),
    ],
  };
  const database: Daemon = {
    unit: exporter('mysqld'),
    port: EXPORTER_PORTS.mysqld,
    args: [`--web.listen-address=${address}:${EXPORTER_PORTS.mysqld}`, `--config.my-cnf=${DATABASE_ACCESS}`],
    restartWhen: [DATABASE_ACCESS],
  };
  const daemons = isFor(host, 'db') ? [node, database] : [node];
  return [
    packages({ names: daemons.map(({ unit }) => unit) }, { tags: ['packages'] }),
    ...(isFor(host, 'db') ? databaseAccess() : []),
    ...running(daemons),
  ];
}

function databaseAccess(): TaskList {
  return [
    directory({ path: '/etc/prometheus', owner: 'root', group: 'root', mode: '0755' }),
    // The server asks the system who is at the other end of its socket; old exporters want a password all the same.
    file({
      path: DATABASE_ACCESS,
      content: `[client]\nuser = ${ACCOUNT}\nsocket = /run/mysqld/mysqld.sock\npassword = unused\n`,
      owner: 'root',
      group: 'root',
      mode: '0644',
    }),
  ];
}

type AccountContext = TaskContext<MonitoringVars & MysqlVars, 'db', { databases: GroupFacts<MysqlNode> }>;

/** The account that the exporters of all database servers ask with: it comes to the replicas by replication. */
export function exporterAccount({ host, vars, hosts, facts }: AccountContext): TaskList {
  if (!vars.monitoring_enabled || primaryOf(hosts('db'), facts.databases).name !== host.name) return [];
  return [
    mysqlUser({
      name: ACCOUNT,
      plugin: 'socket',
      maxConnections: 5,
      grants: [
        { privileges: ['PROCESS', 'REPLICATION CLIENT', 'REPLICA MONITOR'], on: '*.*' },
        { privileges: ['SELECT'], on: 'performance_schema.*' },
      ],
    }),
  ];
}

/** Prometheus with its rules, probes from outside, and Alertmanager, on the hosts that watch. */
export function monitoring({ host, vars, hosts }: TaskContext<PrometheusVars>): TaskList {
  if (!monitorsOf(hosts('all')).some(({ name }) => name === host.name)) return [];
  const bind = vars.monitoring_bind_address;
  const alertmanager = receiversOf(vars);
  const authority = vars.tls_certificate === 'own-authority' ? vars.ca_certificate : undefined;
  const blackbox: BlackboxTemplate = { domain: vars.domain, authority: authority === undefined ? undefined : AUTHORITY };
  const prometheus = prometheusOf(host, hosts('all'));
  return [
    packages({ names: ['prometheus', 'prometheus-alertmanager', 'prometheus-blackbox-exporter'] }, { tags: ['packages'] }),
    ...(authority === undefined ? [] : [file({ path: AUTHORITY, content: `${authority.trim()}\n`, mode: '0644' })]),
    template({
      src: 'blackbox.yml.ejs',
      path: '/etc/prometheus/site-blackbox.yml',
      vars: { ...blackbox },
      owner: 'root',
      group: 'root',
      mode: '0644',
      validate: 'prometheus-blackbox-exporter --config.check --config.file=%s 2>&1',
    }),
    template({
      src: 'alertmanager.yml.ejs',
      path: '/etc/prometheus/site-alertmanager.yml',
      vars: { ...alertmanager },
      owner: 'root',
      // It may hold a token or a password.
      group: ACCOUNT,
      mode: '0640',
      validate: 'amtool check-config %s',
    }),
    directory({ path: '/etc/prometheus/rules', owner: 'root', group: 'root', mode: '0755' }),
    configFiles({
      name: 'prometheus',
      files: [
        { path: '/etc/prometheus/rules/site.yml', template: 'alerts.yml.ejs', vars: { ...prometheus }, mode: '0644' },
        { path: '/etc/prometheus/site.yml', template: 'prometheus.yml.ejs', vars: { ...prometheus }, mode: '0644' },
      ],
      validate: 'promtool check config /etc/prometheus/site.yml',
    }),
    ...running([
      {
        unit: exporter('blackbox'),
        port: EXPORTER_PORTS.blackbox,
        args: [`--web.listen-address=127.0.0.1:${EXPORTER_PORTS.blackbox}`, '--config.file=/etc/prometheus/site-blackbox.yml'],
        reloadWhen: ['/etc/prometheus/site-blackbox.yml'],
      },
      {
        unit: 'prometheus-alertmanager',
        port: vars.alertmanager_port,
        args: [
          '--config.file=/etc/prometheus/site-alertmanager.yml',
          `--web.listen-address=${bind}:${vars.alertmanager_port}`,
          // One that has no others to talk to listens for none.
          '--cluster.listen-address=',
        ],
        reloadWhen: ['/etc/prometheus/site-alertmanager.yml'],
      },
      {
        unit: 'prometheus',
        port: vars.prometheus_port,
        args: [
          '--config.file=/etc/prometheus/site.yml',
          `--web.listen-address=${bind}:${vars.prometheus_port}`,
          `--storage.tsdb.retention.time=${vars.prometheus_retention_days}d`,
        ],
        reloadWhen: ['/etc/prometheus/site.yml', '/etc/prometheus/rules/site.yml'],
      },
    ]),
  ];
}

/** A daemon of Debian's Prometheus packages, and what it must have loaded. */
interface Daemon {
  readonly unit: string;
  /** Where it listens when it is ready. */
  readonly port: number;
  readonly args: readonly string[];
  readonly restartWhen?: readonly string[];
  readonly reloadWhen?: readonly string[];
}

/** The package of one of Debian's exporters, and its unit. */
function exporter(name: keyof typeof EXPORTER_PORTS): string {
  return `prometheus-${name}-exporter`;
}

/**
 * Daemons whose configuration is in place. Their arguments stand in drop-ins, and their configuration in files of our own:
 * what is in the packages' files nobody knows before they are installed. All are started before the first is watched.
 */
function running(daemons: readonly Daemon[]): TaskList {
  return [
    ...daemons.map(({ unit, args }) =>
      systemdUnit({
        name: unit,
        dropIn: 'provision.conf',
        content: `[Service]\nExecStart=\nExecStart=/usr/bin/${unit} ${args.join(' ')}\nRestart=always\nRestartSec=5\nNoNewPrivileges=yes\nProtectHome=yes\nProtectSystem=full\n`,
      }),
    ),
    ...daemons.map(({ unit, port, restartWhen = [], reloadWhen = [] }) =>
      service({
        name: unit,
        state: 'running',
        enabled: true,
        restartWhen: [`/etc/systemd/system/${unit}.service.d/provision.conf`, ...restartWhen],
        reloadWhen: [...reloadWhen],
        listens: [port],
      }),
    ),
  ];
}

/** Who is told of alerts. */
function receiversOf(vars: MonitoringVars): AlertmanagerTemplate {
  const { alert_mail_from: from, alert_mail_server: server, alert_mail_password: password } = vars;
  return {
    webhooks: vars.alert_webhook_url === undefined ? [] : [vars.alert_webhook_url],
    mails:
      from === undefined || server === undefined
        ? []
        : vars.alert_mail_to.map((to) => ({
            to,
            from,
            server,
            tls: vars.alert_mail_tls,
            user: vars.alert_mail_user ?? '',
            password: password === undefined ? '' : mapText(password, (plain) => plain.replaceAll("'", "''")),
          })),
  };
}

/** Where a host's exporters listen: its address in the site's network, where an interface has it; else everywhere. */
function ownAddress(host: Host<MonitoringVars>, addresses: readonly NetworkAddress[]): string {
  const own = addressOf(host);
  return addresses.some(({ address }) => address === own) ? own : '';
}
