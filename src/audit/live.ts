import { certificateEnds, type CertificateEnd } from '../facts/certificateEnds.js';
import { listening, type Listening } from '../facts/listening.js';
import { mysqlNode, type MysqlNode } from '../facts/mysqlNode.js';
import { nftTable, type NftTable } from '../facts/nftTable.js';
import { sshPorts } from '../facts/sshPorts.js';
import { variableOf, type Finding, type Site } from './finding.js';

/** What every host is asked, in one exchange. */
export const AUDIT_READS = {
  listening,
  ssh: sshPorts,
  firewall: nftTable({ table: 'inet provision', file: '/etc/nftables.d/provision.nft' }),
  certificates: certificateEnds,
  database: mysqlNode({}),
};

/** What a host says of itself. */
export interface HostAudit {
  readonly listening: readonly Listening[];
  readonly ssh: readonly number[];
  readonly firewall: NftTable;
  readonly certificates: readonly CertificateEnd[];
  readonly database: MysqlNode;
}

const DAY = 86_400;
/** A certificate that ends sooner is to be renewed by then, in days. */
const CERTIFICATE_DAYS = 14;
/** A replica that is further behind would lose that much, in seconds. */
const MOST_BEHIND = 30;

/** What is wrong with a site by what its hosts say; undefined stands for a host that did not answer. */
export function auditHosts(site: Site, answers: ReadonlyMap<string, HostAudit | undefined>): readonly Finding[] {
  const reached = [...answers].flatMap(([host, answer]) => (answer === undefined ? [] : [{ host, ...answer }]));
  const silent = [...answers].flatMap(([host, answer]) => (answer === undefined ? [host] : []));
  return [
    ...(silent.length === 0
      ? []
      : [
          {
            kind: 'unreachable',
            weight: 'fault',
            hosts: silent,
            summary: `${silent.join(', ')} cannot be reached: nothing is known of them`,
            mend: `provision ping ${silent.join(',')}`,
          } as const,
        ]),
    ...reached.flatMap((one) => [...firewallOf(site, one), ...portsOf(site, one), ...certificatesOf(one)]),
    ...replicas(reached),
  ];
}

type Reached = HostAudit & { readonly host: string };

function firewallOf({ hosts }: Site, { host, firewall }: Reached): readonly Finding[] {
  const found = { kind: 'firewall', weight: 'fault', hosts: [host] } as const;
  const mend = 'provision --tags firewall';
  const wanted = variableOf(
    hosts.find(({ name }) => name === host),
    'firewall_enabled',
  );
  if (wanted === false) return [];
  if (firewall.state === 'absent')
    return [{ ...found, summary: `${host} has no rules loaded: all that listens can be reached`, mend }];
  return firewall.edited ? [{ ...found, summary: `somebody has changed the rules of ${host} by hand`, mend }] : [];
}

/** Ports that no service of the playbook has. */
function portsOf({ services }: Site, { host, listening: ports, ssh, firewall }: Reached): readonly Finding[] {
  const known = new Set([...ssh, ...services.filter((one) => one.host === host).map(({ port }) => port)]);
  const others = new Map(
    ports.filter(({ loopback, port }) => !loopback && !known.has(port)).map((one) => [one.port, one.program]),
  );
  return [...others].map(([port, program]): Finding => ({
    kind: 'open port',
    weight: firewall.state === 'absent' ? 'fault' : 'note',
    hosts: [host],
    summary: `${program || 'something'} on ${host} waits on port ${port}, which no service of the playbook has${firewall.state === 'absent' ? '' : '; the firewall lets nobody in unless firewall_open does'}`,
    mend: firewall.state === 'absent' ? 'firewall_enabled' : 'stop it, or bind it to 127.0.0.1',
  }));
}

function certificatesOf({ host, certificates }: Reached): readonly Finding[] {
  return certificates
    .filter(({ secondsLeft }) => secondsLeft < CERTIFICATE_DAYS * DAY)
    .map(({ path, secondsLeft }) => ({
      ...{
        kind: 'certificate',
        weight: 'fault',
        hosts: [host],
        mend: 'provision (it renews its own); tls_chain where it is yours',
      },
      summary: `${path} on ${host} ${secondsLeft < 0 ? 'has ended' : `ends in ${Math.floor(secondsLeft / DAY)} days`}`,
    }));
}

/** Replicas that could not take over now. */
function replicas(reached: readonly Reached[]): readonly Finding[] {
  const nodes = reached.filter(({ database }) => database.state !== 'absent');
  return nodes.flatMap(({ host, database }): readonly Finding[] => {
    const found = { kind: 'replica', weight: 'fault', hosts: [host] } as const;
    if (database.state !== 'running') {
      return [
        { ...found, summary: `the database on ${host} does not answer, and could not take over`, mend: `provision db status` },
      ];
    }
    if (!database.server.readOnly) return [];
    const { channel } = database;
    if (channel === undefined) {
      return [
        { ...found, summary: `${host} follows no primary: it lacks what was written since`, mend: `provision db rejoin ${host}` },
      ];
    }
    if (channel.receiver !== 'running' || channel.applier !== 'running') {
      return [
        {
          ...found,
          summary: `replication to ${host} has stopped: it could not take over without loss`,
          mend: `provision db status`,
        },
      ];
    }
    const behind = channel.secondsBehind ?? 0;
    if (behind > MOST_BEHIND) {
      return [{ ...found, summary: `${host} is ${behind} s behind its primary`, mend: 'mysql_buffer_pool, or a faster disk' }];
    }
    return [];
  });
}
