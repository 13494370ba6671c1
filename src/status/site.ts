import type { Alert } from '../facts/alerts.js';
import type { HaproxyServerState } from '../facts/haproxy.js';
import type { MysqlNode } from '../facts/mysqlNode.js';
import type { ServedCertificate } from '../facts/servedCertificates.js';
import type { HostStatus } from './read.js';

/** A host with what it said, or that it said nothing. */
export interface HostAnswer {
  readonly host: string;
  /** Where others reach it: replicas name their source by it. */
  readonly address: string;
  /** Undefined where the host was not reached. */
  readonly status: HostStatus | undefined;
}

/** A site at one moment. */
export interface SiteStatus {
  readonly hosts: number;
  readonly unreachable: readonly string[];
  readonly virtual: readonly { readonly address: string; readonly holders: readonly string[] }[];
  readonly balancers: readonly {
    readonly host: string;
    /** Undefined where HAProxy does not answer. */
    readonly servers: readonly HaproxyServerState[] | undefined;
  }[];
  readonly databases: readonly Database[];
  /** With the whole days that they are still valid: less than none once they have ended. */
  readonly certificates: readonly (ServedCertificate & { readonly host: string; readonly days: number })[];
  readonly alerts: readonly (Alert & { readonly from: string })[];
  /** The hosts whose Alertmanager answered. */
  readonly monitors: readonly string[];
  readonly failed: readonly { readonly host: string; readonly unit: string }[];
  /** What is not as it should be, a sentence each. */
  readonly problems: readonly string[];
}

export interface Database {
  readonly host: string;
  readonly role: 'primary' | 'replica' | 'read-only' | 'stopped';
  /** `MariaDB 10.11.18`; empty where it does not answer. */
  readonly server: string;
  /** The host (or address) that it follows. */
  readonly source?: string | undefined;
  readonly replicating?: boolean | undefined;
  readonly secondsBehind?: number | undefined;
  /** Of a primary: whether its commits wait for a replica, and how many acknowledge. */
  readonly semiSync?: { readonly active: boolean; readonly clients: number } | undefined;
}

/** A certificate with fewer days left is a problem. */
const FEWEST_DAYS = 14;

/** A replica that is further behind is a problem, in seconds. */
const MOST_BEHIND = 30;

/**
 * Puts together what the hosts of a site said, and judges it.
 * @param now the time, in milliseconds since 1970
 */
export function siteStatus(answers: readonly HostAnswer[], now: number): SiteStatus {
  const reached = answers.flatMap(({ host, status }) => (status === undefined ? [] : [{ host, ...status }]));
  const addresses = [...new Set(reached.flatMap(({ virtual }) => virtual.map(({ address }) => address)))];
  const named = new Map(answers.map(({ host, address }) => [address, host]));
  const site = {
    hosts: answers.length,
    unreachable: answers.filter(({ status }) => status === undefined).map(({ host }) => host),
    virtual: addresses.map((address) => ({
      address,
      holders: reached
        .filter(({ virtual }) => virtual.some((one) => one.address === address && one.held))
        .map(({ host }) => host),
    })),
    balancers: reached
      .filter(({ haproxy }) => haproxy.load === 'loaded')
      .map(({ host, servers }) => ({ host, servers: servers.state === 'running' ? servers.servers : undefined })),
    databases: reached.flatMap(({ host, database }) => databaseOf(host, database, named)),
    certificates: reached.flatMap(({ host, certificates }) =>
      certificates.map((one) => ({ ...one, host, days: Math.floor((one.notAfter - now) / 86_400_000) })),
    ),
    alerts: reached.flatMap(({ host, alerts }) =>
      alerts.state === 'running' ? alerts.alerts.map((alert) => ({ ...alert, from: host })) : [],
    ),
    monitors: reached.filter(({ alerts }) => alerts.state === 'running').map(({ host }) => host),
    failed: reached.flatMap(({ host, failed }) => failed.map((unit) => ({ host, unit }))),
  };
  const deaf = reached
    .filter(({ alerts }) => alerts.state === 'stopped')
    .map(({ host }) => `Alertmanager on ${host} does not answer`);
  return { ...site, problems: [...problemsOf(site), ...deaf] };
}

function databaseOf(host: string, node: MysqlNode, named: ReadonlyMap<string, string>): readonly Database[] {
  if (node.state === 'absent') return [];
  if (node.state !== 'running') return [{ host, role: 'stopped', server: '' }];
  const { channel, semiSync } = node;
  const server = `${node.server.flavour === 'mysql' ? 'MySQL' : 'MariaDB'} ${node.server.version}`;
  if (!node.server.readOnly) {
    return [
      {
        host,
        role: 'primary',
        server,
        ...(node.server.semiSyncSource ? { semiSync: { active: semiSync.sourceActive, clients: semiSync.clients } } : {}),
      },
    ];
  }
  if (channel === undefined) return [{ host, role: 'read-only', server }];
  return [
    {
      host,
      role: 'replica',
      server,
      source: named.get(channel.sourceHost) ?? channel.sourceHost,
      replicating: channel.receiver === 'running' && channel.applier === 'running',
      secondsBehind: channel.secondsBehind,
    },
  ];
}

function problemsOf(site: Omit<SiteStatus, 'problems'>): readonly string[] {
  const writable = site.databases.filter(({ role }) => role === 'primary');
  return [
    ...site.unreachable.map((host) => `${host} cannot be reached`),
    ...site.virtual.flatMap(({ address, holders }) =>
      holders.length === 1
        ? []
        : [holders.length === 0 ? `nobody holds ${address}` : `${holders.join(' and ')} both hold ${address}`],
    ),
    ...site.balancers.flatMap(({ host, servers }) =>
      servers === undefined
        ? [`HAProxy on ${host} does not answer`]
        : servers.filter((one) => !isWell(one)).map((one) => `${host}: ${one.backend}/${one.server} is ${wordOf(one)}`),
    ),
    ...(site.databases.length > 0 && writable.length === 0 ? ['no database takes writes'] : []),
    ...(writable.length > 1 ? [`${writable.map(({ host }) => host).join(' and ')} both take writes`] : []),
    ...site.databases.flatMap(databaseProblems),
    ...site.certificates
      .filter(({ days }) => days < FEWEST_DAYS)
      .map(({ host, name, days }) => `the certificate of ${name} on ${host} ${days < 0 ? 'has ended' : `ends in ${days} days`}`),
    ...site.failed.map(({ host, unit }) => `${unit} has failed on ${host}`),
    ...site.alerts.filter(({ suppressed }) => !suppressed).map(({ name, summary }) => `alert ${name}: ${summary}`),
  ];
}

function databaseProblems({ host, role, replicating, secondsBehind }: Database): readonly string[] {
  if (role === 'stopped') return [`the database on ${host} does not answer`];
  if (role === 'read-only') return [`${host} takes no writes and follows nobody`];
  if (replicating === false) return [`replication to ${host} has stopped`];
  return (secondsBehind ?? 0) > MOST_BEHIND ? [`${host} is ${secondsBehind} s behind`] : [];
}

/** Whether a server of a backend gets requests, as it should. */
export function isWell({ admin, status }: Pick<HaproxyServerState, 'admin' | 'status'>): boolean {
  return admin === 'ready' && (status.startsWith('UP') || status === 'no check');
}

/** A server's state in a word or two. */
export function wordOf({ admin, status }: Pick<HaproxyServerState, 'admin' | 'status'>): string {
  return admin === 'ready' ? status : admin === 'drain' ? 'drained' : 'in maintenance';
}
