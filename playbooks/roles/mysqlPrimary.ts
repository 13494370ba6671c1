import type { MysqlNode } from 'provision/facts/mysqlNode';
import { InputError } from 'provision/errors';
import type { Host } from 'provision/host';
import type { GroupFacts } from 'provision/playbook';
import { addressOf } from './network.js';
import type { MysqlVars } from './mysqlVars.js';

type Database = Host<MysqlVars>;

/** The host that the inventory names as primary: who is first on bare hosts, and of no matter later. */
export function inventoryPrimary(databases: readonly Database[]): Database {
  const wanted = databases[0]?.vars.mysql_primary;
  const primary = wanted === undefined ? databases[0] : databases.find(({ name }) => name === wanted);
  if (primary === undefined) throw new Error(`mysql_primary: no host "${wanted ?? ''}" is in the group db`);
  return primary;
}

/**
 * The host that takes the writes, or is to: whoever does so now, so that a promotion is never turned back. Where none does, the one
 * that others follow; then the only one that has data; on bare hosts the inventory's. Throws InputError where that cannot be told: two
 * servers with writes or data of their own are for a person to judge.
 */
export function primaryOf(databases: readonly Database[], nodes: GroupFacts<MysqlNode>): Database {
  const writable = databases.filter((host) => isOpen(nodes.get(host.name)));
  const [first, second] = writable;
  if (first !== undefined && second !== undefined) {
    throw new InputError(
      `${writable.map(({ name }) => name).join(' and ')} both take writes: nothing is changed on database hosts`,
      {
        hint: 'find out whose data are right (provision db status), and close the other one: provision db rejoin HOST',
      },
    );
  }
  if (first !== undefined) return first;
  const holders = databases.filter(({ name }) => mayHoldData(nodes.get(name)));
  const followed = databases.filter((host) => isFollowed(host, databases, nodes) && !isReplica(nodes.get(host.name)));
  const [source, ...more] = followed;
  if (source !== undefined && more.length === 0) {
    if (holders.includes(source)) return source;
    throw new InputError(
      `${source.name} has no data any more, and ${namesOf(holders)} followed it: an empty primary would replace theirs`,
      {
        hint: 'open the one with the latest data first: provision db failover HOST',
      },
    );
  }
  const [holder, ...others] = holders;
  if (holder === undefined) return inventoryPrimary(databases);
  const away = holders.filter(({ name }) => nodes.get(name) === undefined);
  if (others.length === 0 && away.length === 0) return holder;
  throw new InputError(`no database takes writes, and which one is to cannot be told: ${inWords(holders, nodes)}`, {
    hint:
      away.length > 0
        ? `bring ${namesOf(away)} back, or take it out of the group db where it is gone for good`
        : 'open the one with the right data (provision db failover HOST); provision db status shows what each has',
  });
}

/** A server of ours that takes writes; one as its package brought it counts for nothing. */
function isOpen(node: MysqlNode | undefined): boolean {
  return node?.state === 'running' && isConfigured(node) && !node.server.readOnly;
}

function isConfigured(node: MysqlNode | undefined): boolean {
  return node?.state === 'running' && node.server.reportHost !== '';
}

function isReplica(node: MysqlNode | undefined): boolean {
  return node?.state === 'running' && node.channel !== undefined;
}

function isFollowed(host: Database, databases: readonly Database[], nodes: GroupFacts<MysqlNode>): boolean {
  return databases.some(({ name }) => {
    const node = nodes.get(name);
    return node?.state === 'running' && node.channel?.sourceHost === addressOf(host);
  });
}

/** Whether a server may have transactions that others lack: it has some and follows nobody, or cannot be asked. */
function mayHoldData(node: MysqlNode | undefined): boolean {
  if (node === undefined || node.state === 'stopped') return true;
  if (node.state === 'absent' || !isConfigured(node)) return false;
  return node.gtid.executed !== '' || node.gtid.binlogState !== '' || node.gtid.slavePosition !== '';
}

function inWords(holders: readonly Database[], nodes: GroupFacts<MysqlNode>): string {
  return holders
    .map(({ name }) => {
      const node = nodes.get(name);
      if (node === undefined) return `${name} cannot be reached`;
      return `${name} ${node.state === 'running' ? 'is read-only and has data of its own' : 'does not answer'}`;
    })
    .join(', ');
}

function namesOf(hosts: readonly Database[]): string {
  return hosts.map(({ name }) => name).join(' and ');
}
