import { runMysql } from '../../facts/mysql/client.js';
import type { MysqlReplication } from '../../facts/mysqlReplication.js';
import type { RunningMysql } from '../../facts/mysqlServer.js';
import { sh, type Step } from '../../model/change.js';
import { PlanError } from '../../model/errors.js';
import { quote } from '../../util/shell.js';
import { attachStatements, restartStatements, type WantedSource } from './attach.js';
import { backupCopySteps } from './backupCopy.js';
import { catchUpSteps } from './catchUp.js';
import { cloneScript } from './clone.js';
import { compareData, describeData, type DataComparison, type ServerData } from './compareData.js';
import { needsCopy } from './firstCopy.js';
import { linkDifferences } from './link.js';
import { closeStatement, setSemiSyncSource } from './roles.js';
import { describeError, diagnose, type Diagnosis } from './replicationErrors.js';

/** What is wanted of a replica. */
export interface WantedReplica extends WantedSource {
  /** The source's name in the inventory. */
  readonly source: string;
  readonly firstCopy: 'auto' | 'never';
  readonly overwrite: boolean;
  readonly copyTimeoutSeconds: number;
}

/** What a replica and its source said. */
export interface ReplicaState {
  readonly replica: RunningMysql;
  readonly replication: MysqlReplication | undefined;
  readonly data: ServerData;
  readonly source: RunningMysql;
  readonly sourceData: ServerData;
}

/** One thing to do, without what it does to other reads. */
export interface ReplicaChange {
  readonly summary: string;
  readonly steps: readonly [Step, ...Step[]];
  /** Whether the server is restarted, with other data. */
  readonly replacesData?: boolean;
}

/** What makes a server a healthy, read-only replica of its source. Throws PlanError for what no change can cure. */
export function planReplica(wanted: WantedReplica, state: ReplicaState): readonly ReplicaChange[] {
  const { replica, source, replication } = state;
  const twin = replica.flavour === 'mysql' && replica.serverUuid === source.serverUuid;
  const link = replication === undefined ? undefined : linkDifferences(wanted, replication, source);
  const asWanted = link?.words.length === 0;
  if (!twin && asWanted && replication?.receiver === 'running' && replication.applier === 'running') {
    return closeForWrites(replica);
  }
  const faults = replication === undefined || twin ? [] : diagnoses(replication, link?.sameSource === true);
  const hopeless = faults.find(({ cure }) => cure === 'configuration');
  if (hopeless !== undefined)
    throw new PlanError(`replication from ${wanted.source}: ${hopeless.words}`, { hint: hopeless.hint });

  const renewal = twin ? [renewUuid(wanted, replica)] : [];
  const comparison = compareData(source.flavour, state.data, state.sourceData);
  const broken = faults.find(({ cure }) => cure === 'copy')?.words;
  const isToBeReplaced = comparison.ahead || (wanted.overwrite && comparison.errant !== undefined);
  const restart = asWanted && broken === undefined && !isToBeReplaced && !faults.some(({ cure }) => cure === 'credentials');
  return [
    ...renewal,
    ...(restart ? [startAgain(wanted, state, faults)] : follow(wanted, { ...state, comparison }, broken, link?.words)),
  ];
}

interface Fault extends Diagnosis {
  /** Meaning, number and the server's message. */
  readonly words: string;
}

/** What the threads' errors mean. Those of the connection to another source than the wanted one mean nothing any more. */
function diagnoses(replication: MysqlReplication, sameSource: boolean): readonly Fault[] {
  const errors = [replication.applierError, sameSource ? replication.receiverError : undefined];
  return errors.flatMap((error) => {
    if (error === undefined) return [];
    const diagnosis = diagnose(error);
    return [{ ...diagnosis, words: `${diagnosis.meaning} (${describeError(error)})` }];
  });
}

function follow(
  wanted: WantedReplica,
  state: ReplicaState & { readonly comparison: DataComparison },
  broken: string | undefined,
  differences: readonly string[] | undefined,
): readonly ReplicaChange[] {
  const { replica, source, data, comparison } = state;
  const { firstCopy, overwrite } = wanted;
  const copy = needsCopy({ name: wanted.source, replica, source, data, comparison, broken, firstCopy, overwrite });
  const details = { flavour: source.flavour, formerPrimary: comparison.formerPrimary && !copy };
  // No write of its own may come between the look at what it has and the first of the source's.
  const closed = replica.readOnly ? [] : [closeStatement(replica.flavour)];
  const statements = [...closed, ...withoutSemiSync(replica), ...attachStatements(wanted, details)];
  const attach: ReplicaChange = {
    summary: `replicate from ${wanted.source} (${[`${wanted.sourceAddress}:${wanted.port}`, ...(differences ?? [])].join(', ')})`,
    steps: catchUpSteps(statements, { ...wanted, flavour: source.flavour }),
  };
  return copy ? [copyData(wanted, state), attach] : [attach];
}

function copyData(wanted: WantedReplica, { replica, source, data }: ReplicaState): ReplicaChange {
  const lost = describeData(data);
  const timeoutSeconds = wanted.copyTimeoutSeconds;
  const way = source.flavour === 'mysql' ? 'CLONE' : 'mariadb-backup';
  return {
    summary: `copy all data of ${wanted.source} (${way})${lost === undefined ? '' : `, overwriting ${lost}`}`,
    steps:
      source.flavour === 'mysql'
        ? [sh(cloneScript(wanted), { timeoutSeconds })]
        : backupCopySteps({ source: wanted.source, dataDirectory: replica.dataDirectory, timeoutSeconds }),
    replacesData: true,
  };
}

function startAgain(wanted: WantedReplica, state: ReplicaState, faults: readonly Fault[]): ReplicaChange {
  const { flavour } = state.source;
  return {
    summary: ['start replication', ...faults.map(({ words }) => words)].join(': '),
    steps: catchUpSteps([...restartStatements(flavour), closeStatement(flavour)], { ...wanted, flavour }),
  };
}

/** A copied machine has its original's server_uuid: MySQL makes a new one at a start without auto.cnf. */
function renewUuid({ source }: WantedReplica, { dataDirectory }: RunningMysql): ReplicaChange {
  return {
    summary: `new server_uuid (auto.cnf is a copy of that of ${source})`,
    steps: [sh(`systemctl stop mysql\nrm -f -- ${quote(`${dataDirectory}/auto.cnf`)}\nsystemctl start mysql`)],
    replacesData: true,
  };
}

function closeForWrites(replica: RunningMysql): readonly ReplicaChange[] {
  const isClosed = replica.flavour === 'mysql' ? replica.superReadOnly : replica.readOnly;
  const statements = [...(isClosed ? [] : [closeStatement(replica.flavour)]), ...withoutSemiSync(replica)];
  if (statements.length === 0) return [];
  return [{ summary: isClosed ? 'semi-synchronous commits off' : 'make read-only', steps: [sh(runMysql(statements))] }];
}

/** A replica that waits for replicas of its own, which are none, applies everything late. */
function withoutSemiSync({ flavour, semiSyncSource }: RunningMysql): readonly string[] {
  return semiSyncSource ? [setSemiSyncSource(flavour, false)] : [];
}
