import { z } from 'zod';
import type { Host } from 'provision/host';
import type { HostFault } from 'provision/playbook';
import { reveal } from 'provision/secret';
import { secret } from 'provision/vars';
import { isFor } from './groups.js';
import { networkVars } from './network.js';
import { siteVars } from './site.js';

/** Variables of the monitoring: exporters on every host, Prometheus and Alertmanager on the hosts of the group `mon`, or on the first load balancer. */
export const monitoringVars = z.object({
  ...siteVars.shape,
  ...networkVars.shape,
  /** False leaves a host out of it, and all of it where no host is left. */
  monitoring_enabled: z.boolean().default(true),
  /** Where Prometheus and Alertmanager listen. They ask nobody for a password: by default operators come through SSH (`ssh -L 9090:127.0.0.1:9090`). */
  monitoring_bind_address: z.ipv4().default('127.0.0.1'),
  /** The port of Prometheus. */
  prometheus_port: z.number().int().min(1).max(65535).default(9090),
  /** The port of Alertmanager. */
  alertmanager_port: z.number().int().min(1).max(65535).default(9093),
  /** For how many days measurements are kept. */
  prometheus_retention_days: z.number().int().min(1).default(15),
  /** How often all is measured and the rules are judged, in seconds. */
  prometheus_interval: z.number().int().min(1).max(30).default(5),
  /** Where alerts are posted as JSON, in Alertmanager's format: an http or https address. */
  alert_webhook_url: secret().optional(),
  /** Who gets alerts by mail. */
  alert_mail_to: z.array(z.email()).default([]),
  /** Whom that mail is from. */
  alert_mail_from: z.email().optional(),
  /** The mail server that takes it: `mail.foobar.com:587`. */
  alert_mail_server: z
    .string()
    .regex(/^[A-Za-z0-9.-]+:\d+$/, 'expected a mail server with its port, such as mail.foobar.com:587')
    .optional(),
  /** The account there, where it wants one. */
  alert_mail_user: z.string().optional(),
  /** The password of that account. */
  alert_mail_password: secret().optional(),
  /** Whether mail goes over TLS only. */
  alert_mail_tls: z.boolean().default(true),
  /** How many seconds a replica may be behind before it is told. */
  alert_replication_lag: z.number().int().min(1).default(30),
  /** How many days before its end a certificate is told of. */
  alert_certificate_days: z.number().int().min(1).default(14),
  /** The share of answers that may be errors of ours (5xx), in percent. */
  alert_error_percent: z.number().min(0).max(100).default(1),
  /** How many hours old the newest backup of the databases may be. Set it with `backup_calendar` where that is not each night. */
  alert_backup_hours: z.number().int().min(1).default(26),
});

export type MonitoringVars = z.output<typeof monitoringVars>;

/** The ports of the exporters. They are those that everybody knows them by. */
export const EXPORTER_PORTS = { node: 9100, mysqld: 9104, blackbox: 9115 } as const;

/** The hosts that are watched. */
export function watchedHosts<V extends MonitoringVars>(hosts: readonly Host<V>[]): readonly Host<V>[] {
  return hosts.filter(({ vars }) => vars.monitoring_enabled);
}

/** The hosts that watch: those of the group `mon`, else the first load balancer. None where nothing is watched. */
export function monitorsOf<V extends MonitoringVars>(hosts: readonly Host<V>[]): readonly Host<V>[] {
  const watched = watchedHosts(hosts);
  const own = watched.filter((one) => isFor(one, 'mon'));
  return own.length > 0 ? own : watched.filter((one) => isFor(one, 'lb')).slice(0, 1);
}

/** Faults of the receivers of alerts, which the hosts that watch know. */
export function checkMonitoring(hosts: readonly Host<MonitoringVars>[]): readonly HostFault[] {
  const faults: HostFault[] = [];
  for (const { name: host, vars } of monitorsOf(hosts)) {
    const fault = (variable: keyof MonitoringVars, message: string, hint?: string) =>
      faults.push({ message, host, variable, hint });
    if (vars.alert_mail_to.length > 0) {
      if (vars.alert_mail_from === undefined)
        fault('alert_mail_to', '"alert_mail_to": mail needs "alert_mail_from" too', 'whom the mail is from');
      if (vars.alert_mail_server === undefined)
        fault(
          'alert_mail_to',
          '"alert_mail_to": mail needs "alert_mail_server" too',
          'the mail server and its port: mail.foobar.com:587',
        );
    }
    if ((vars.alert_mail_user === undefined) !== (vars.alert_mail_password === undefined))
      fault('alert_mail_user', '"alert_mail_user" and "alert_mail_password" go together');
    const url = vars.alert_webhook_url === undefined ? undefined : reveal(vars.alert_webhook_url);
    if (url !== undefined && !/^https?:\/\/[^\s'"]+$/.test(url))
      fault('alert_webhook_url', '"alert_webhook_url": expected an address that begins with http:// or https://');
  }
  return faults;
}
