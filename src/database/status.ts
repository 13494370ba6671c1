import { errantOf, isRunning, positionOf, sourceOf, writableOf, type Member } from './member.js';
import { stateOf } from './switchover.js';

/** A server as `provision db status` tells of it. What does not apply is undefined. */
export interface ServerStatus {
  readonly host: string;
  /** `read-only`: it follows nobody and takes no writes. */
  readonly role: 'primary' | 'replica' | 'read-only' | 'stopped' | 'absent' | 'unreachable';
  readonly flavour?: string;
  readonly version?: string;
  readonly readOnly?: boolean;
  /** The host that it follows, or an address that is none's. */
  readonly source?: string;
  /** `running`, or what is wrong with its threads. */
  readonly replication?: string;
  readonly lagSeconds?: number;
  /** GTID set of MySQL, position of MariaDB. */
  readonly position?: string;
  /** Transactions that the primary lacks. */
  readonly errant?: string;
  readonly semiSync?: string;
  /** Why it could not be reached. */
  readonly error?: string;
}

/** All servers, and what is wrong with them together. */
export interface GroupStatus {
  readonly servers: readonly ServerStatus[];
  readonly faults: readonly string[];
}

export function statusOf(members: readonly Member[]): GroupStatus {
  const writable = writableOf(members);
  const servers = members.map((member) => serverStatus(member, members));
  const faults = [
    ...(writable.length === 0 ? ['no server takes writes'] : []),
    ...(writable.length > 1 ? [`${writable.map(({ host }) => host).join(' and ')} both take writes`] : []),
    ...servers.flatMap((one) => (writable.some(({ host }) => host === one.host) ? [] : faultsOf(one, writable[0]?.host))),
  ];
  return { servers, faults };
}

function faultsOf({ host, role, source, replication, errant }: ServerStatus, primary: string | undefined): readonly string[] {
  const away: Partial<Record<ServerStatus['role'], string>> = {
    unreachable: 'cannot be reached',
    stopped: 'does not answer',
    absent: 'has no database server',
    'read-only': 'takes no writes and follows nobody',
  };
  return [
    ...(away[role] === undefined ? [] : [`${host} ${away[role]}`]),
    ...(role === 'replica' && source !== primary ? [`${host} follows ${source ?? 'nobody'}`] : []),
    ...(role === 'replica' && replication !== 'running' ? [`${host}: replication is ${replication ?? 'stopped'}`] : []),
    ...(errant === undefined ? [] : [`${host} has ${errant} that ${primary ?? 'the primary'} lacks`]),
  ];
}

function serverStatus(member: Member, members: readonly Member[]): ServerStatus {
  const { host, fault } = member;
  if (!isRunning(member)) {
    const role = member.node === undefined ? 'unreachable' : member.node.state === 'absent' ? 'absent' : 'stopped';
    return { host, role, ...(fault === undefined ? {} : { error: `${stateOf(member)}: ${fault.message}` }) };
  }
  const { server, channel, semiSync } = member.node;
  const primary = writableOf(members)[0];
  const errant = primary === undefined || primary.host === host ? undefined : errantOf(member, primary);
  const common = {
    host,
    flavour: server.flavour,
    version: server.version,
    readOnly: server.readOnly,
    position: positionOf(member),
    ...(errant === undefined ? {} : { errant }),
  };
  if (channel === undefined) {
    const waits = semiSync.sourceActive ? `waits for ${semiSync.clients}` : server.semiSyncSource ? 'gave up' : 'off';
    return { ...common, role: server.readOnly ? 'read-only' : 'primary', semiSync: waits };
  }
  const threads = channel.receiver === 'running' && channel.applier === 'running';
  const wrong = channel.applier === 'stopped' ? 'applier stopped' : `receiver ${channel.receiver}`;
  const error = channel.applierError ?? channel.receiverError;
  return {
    ...common,
    role: server.readOnly ? 'replica' : 'primary',
    source: sourceOf(member, members)?.host ?? channel.sourceHost,
    replication: threads ? 'running' : `${wrong}${error === undefined ? '' : `, error ${error.number}`}`,
    ...(channel.secondsBehind === undefined ? {} : { lagSeconds: channel.secondsBehind }),
    semiSync: semiSync.replicaActive ? 'acknowledges' : 'off',
  };
}
