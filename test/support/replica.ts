import type { MysqlDatabase } from '../../src/facts/mysqlDatabases.js';
import type { MysqlGtid } from '../../src/facts/mysqlGtid.js';
import type { MysqlReplication } from '../../src/facts/mysqlReplication.js';
import type { MysqlServer } from '../../src/facts/mysqlServer.js';
import type { Change } from '../../src/model/change.js';
import type { Prediction, Read } from '../../src/model/fact.js';
import { mysqlReplica } from '../../src/tasks/mysqlReplica.js';
import { Secret, mask } from '../../src/util/secret.js';
import { nowhere } from './plan.js';

/** What the two hosts say: the replica's own values, and the source's. */
export interface World {
  readonly server?: MysqlServer;
  readonly replication?: MysqlReplication | undefined;
  readonly gtid?: Partial<MysqlGtid>;
  readonly databases?: readonly MysqlDatabase[];
  readonly source?: MysqlServer;
  readonly sourceGtid?: Partial<MysqlGtid>;
  readonly sourceDatabases?: readonly MysqlDatabase[];
}

type Options = Partial<Parameters<typeof mysqlReplica>[0]>;

const NO_GTID: MysqlGtid = { executed: '', purged: '', slavePosition: '', binlogState: '', oldest: undefined };

/** Plans a replica of web-01 on what the two hosts say. */
export async function planReplica(
  world: World,
  options: Options = {},
  predicted: readonly Prediction[] = [],
): Promise<readonly Change[]> {
  const task = mysqlReplica({
    source: 'web-01',
    sourceAddress: '10.0.0.21',
    user: 'repl',
    password: new Secret('repl-secret-1'),
    caFile: '/etc/mysql/tls/ca.pem',
    ...options,
  });
  const prepared = await task.prepare(nowhere);
  return prepared.plan((read) => {
    const known = predicted.findLast(({ key, host }) => key === read.key && host === read.host);
    return known === undefined ? valueOf(world, read) : known.value;
  });
}

/** Plans once more, on what the changes predict. */
export async function planReplicaAfter(world: World): Promise<readonly Change[]> {
  const changes = await planReplica(world);
  return planReplica(
    world,
    {},
    changes.flatMap(({ predicts }) => predicts ?? []),
  );
}

function valueOf(world: World, { fact: { name }, host }: Read<never>): unknown {
  const here = {
    mysqlServer: world.server,
    mysqlReplication: world.replication,
    mysqlGtid: { ...NO_GTID, ...world.gtid },
    mysqlDatabases: world.databases,
  };
  const there = {
    mysqlServer: world.source,
    mysqlGtid: { ...NO_GTID, ...world.sourceGtid },
    mysqlDatabases: world.sourceDatabases,
  };
  return Object.entries(host === undefined ? here : there).find(([key]) => key === name)?.[1];
}

/** The error that planning ends with, or undefined. */
export function replicaFailure(world: World, options: Options = {}): Promise<unknown> {
  return planReplica(world, options).then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** The changes in words. */
export function summaries(changes: readonly Change[]): readonly string[] {
  return changes.map(({ summary }) => summary);
}

/** The scripts of a change, as they are shown. */
export function shown(change: Change | undefined): string {
  return (change?.steps ?? []).map((step) => (step.kind === 'shell' ? mask(step.script) : '')).join('\n');
}
