import type { MysqlDatabase } from '../../facts/mysqlDatabases.js';
import type { MysqlGtid } from '../../facts/mysqlGtid.js';
import type { MysqlFlavour } from '../../facts/mysqlServer.js';
import { formatGtidPosition, isAtLeast, parseGtidPosition, unknownGtids } from '../../util/gtidPosition.js';
import { countGtids, formatGtidSet, isGtidSubset, parseGtidSet, subtractGtids } from '../../util/gtidSet.js';

/** One server's data, as far as replication cares. */
export interface ServerData {
  readonly gtid: MysqlGtid;
  readonly databases: readonly MysqlDatabase[];
}

/** How a replica's data stand to those of the source that it is to follow. */
export interface DataComparison {
  /** Transactions that only the replica has, in words; undefined where there are none. */
  readonly errant: string | undefined;
  /** Whether the source's binary logs reach back to where the replica is. */
  readonly reachable: boolean;
  /** Whether the replica has nothing, and the source tables: some may be older than its binary logs. */
  readonly emptyBesideTables: boolean;
  /** MariaDB: it stands where the source, as it is now, never was, which lets nobody go on from there. */
  readonly ahead: boolean;
  /** MariaDB: it wrote transactions itself, all of which the source has: a former primary. */
  readonly formerPrimary: boolean;
}

export function compareData(flavour: MysqlFlavour, replica: ServerData, source: ServerData): DataComparison {
  const gtids = flavour === 'mysql' ? compareSets(replica.gtid, source.gtid) : comparePositions(replica.gtid, source.gtid);
  return { ...gtids, emptyBesideTables: gtids.blank && !hasTables(replica) && hasTables(source) };
}

/** What would be lost with a server's data: `databases app (12 tables), crm (3 tables)`. Undefined for nothing. */
export function describeData({ databases }: ServerData): string | undefined {
  if (databases.length === 0) return undefined;
  const names = databases.map(({ name, tables }) => `${name} (${tables} ${tables === 1 ? 'table' : 'tables'})`);
  return `${databases.length === 1 ? 'database' : 'databases'} ${names.join(', ')}`;
}

type GtidComparison = Omit<DataComparison, 'emptyBesideTables'> & { readonly blank: boolean };

function compareSets(replica: MysqlGtid, source: MysqlGtid): GtidComparison {
  const executed = parseGtidSet(replica.executed);
  const errant = subtractGtids(executed, parseGtidSet(source.executed));
  return {
    errant: errant.size === 0 ? undefined : `${transactions(countGtids(errant))} (${formatGtidSet(errant)})`,
    reachable: isGtidSubset(parseGtidSet(source.purged), executed),
    ahead: false,
    formerPrimary: false,
    blank: executed.size === 0,
  };
}

function comparePositions(replica: MysqlGtid, source: MysqlGtid): GtidComparison {
  const applied = parseGtidPosition(replica.slavePosition);
  const logged = parseGtidPosition(replica.binlogState);
  const known = parseGtidPosition([source.binlogState, source.slavePosition].filter((part) => part !== '').join(','));
  const all = [...applied, ...logged];
  const unknown = unknownGtids(all, known);
  // In order, as both are: what came before something that the source has too is older than the copy that it began with.
  const errant = unknown.filter(
    (one) => !all.some((later) => later.domain === one.domain && later.sequence > one.sequence && !unknown.includes(later)),
  );
  // What it logged itself counts as its place too: MASTER_DEMOTE_TO_SLAVE makes it so.
  const place = [...applied, ...logged];
  return {
    errant: errant.length === 0 ? undefined : `transactions up to ${formatGtidPosition(errant)}`,
    reachable: source.oldest !== undefined && isAtLeast(place, parseGtidPosition(source.oldest)),
    ahead: unknownGtids(applied, known).length > 0,
    formerPrimary: errant.length === 0 && !isAtLeast(applied, logged),
    blank: place.length === 0,
  };
}

function hasTables({ databases }: ServerData): boolean {
  return databases.some(({ tables }) => tables > 0);
}

function transactions(count: number): string {
  return count === 1 ? '1 transaction' : `${count} transactions`;
}
