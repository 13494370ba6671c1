import { askOne } from '../engine/gather.js';
import { mysqlNode, type MysqlNode, type RunningNode } from '../facts/mysqlNode.js';
import type { DatabaseServer } from '../model/database.js';
import { ProvisionError } from '../model/errors.js';
import type { Session } from '../model/session.js';
import { compareData } from '../tasks/mysql/compareData.js';

/** A server of the group, and what it said when it was looked at. */
export interface Member extends DatabaseServer {
  /** Undefined where its host could not be reached. */
  readonly node: MysqlNode | undefined;
  /** Why it could not. */
  readonly fault?: ProvisionError;
}

/** A member whose server answers. */
export interface RunningMember extends Member {
  readonly node: RunningNode;
}

type OpenSession = (host: string, user: string) => Promise<Session>;

/**
 * Looks at every server, in one exchange each. Under load a replica that is asked a moment later than its primary has more: where one
 * seems to, the primary is asked once more, and has it if all is well.
 */
export async function lookAt(servers: readonly DatabaseServer[], openSession: OpenSession): Promise<readonly Member[]> {
  const members = await Promise.all(servers.map((server) => ask(server, openSession)));
  const writable = writableOf(members);
  const seemsAhead = (primary: RunningMember) =>
    members.filter(isRunning).some((member) => member.host !== primary.host && errantOf(member, primary) !== undefined);
  const doubtful = writable.filter(seemsAhead);
  const again = await Promise.all(doubtful.map((primary) => ask(primary, openSession)));
  return members.map((member) => again.find(({ host }) => host === member.host) ?? member);
}

async function ask(server: DatabaseServer, openSession: OpenSession): Promise<Member> {
  try {
    return { ...server, node: await askOne(mysqlNode({}), await openSession(server.host, 'root')) };
  } catch (fault) {
    if (!(fault instanceof ProvisionError)) throw fault;
    return { ...server, node: undefined, fault };
  }
}

export function isRunning(member: Member): member is RunningMember {
  return member.node?.state === 'running';
}

/** Those that take writes: one, where all is well. */
export function writableOf(members: readonly Member[]): readonly RunningMember[] {
  return members.filter(isRunning).filter(({ node }) => !node.server.readOnly);
}

/** The member that another one replicates from, by the address that it was given; undefined where it follows none of them. */
export function sourceOf({ node }: Member, members: readonly Member[]): Member | undefined {
  const channel = node?.state === 'running' ? node.channel : undefined;
  return channel && members.find(({ address, port }) => address === channel.sourceHost && port === channel.sourcePort);
}

/** Transactions that a server has and another one lacks, in words; undefined where there are none. */
export function errantOf({ node }: RunningMember, other: RunningMember): string | undefined {
  const comparison = compareData(
    node.server.flavour,
    { gtid: node.gtid, databases: [] },
    { gtid: other.node.gtid, databases: [] },
  );
  return comparison.errant;
}

/** What a server has, as its GTID set or position. */
export function positionOf({ node }: RunningMember): string {
  return node.server.flavour === 'mysql' ? node.gtid.executed : node.gtid.binlogState || node.gtid.slavePosition;
}

/** A server as it will be once it has applied what it has fetched. */
export function onceApplied(member: RunningMember): RunningMember {
  const { gtid, retrieved } = member.node;
  const and = (has: string) => [has, retrieved].filter((part) => part !== '').join(',');
  const mysql = member.node.server.flavour === 'mysql';
  const after = mysql ? { ...gtid, executed: and(gtid.executed) } : { ...gtid, slavePosition: and(gtid.slavePosition) };
  return { ...member, node: { ...member.node, gtid: after } };
}
