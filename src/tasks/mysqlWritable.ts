import { z } from 'zod';
import { runMysql } from '../facts/mysql/client.js';
import { mysqlReplication, type MysqlReplication } from '../facts/mysqlReplication.js';
import { mysqlServer, type RunningMysql } from '../facts/mysqlServer.js';
import { sh } from '../model/change.js';
import { PlanError } from '../model/errors.js';
import { defineTask } from '../model/task.js';
import { closeStatement, openStatements, setSemiSyncSource } from './mysql/roles.js';
import { runningServer } from './mysql/server.js';

const options = z.strictObject({
  /** True opens the server for writes until its next restart; false closes it, for root too where the server can. */
  writable: z.boolean(),
  /** Whether commits wait until a replica has them too: the source's side of semi-synchronous replication, which goes with writes. Default: left as it is. */
  semiSync: z.boolean().optional(),
});

/**
 * Whether a database server takes writes, as it runs now: at its next start its configuration decides. A server that
 * replicates from another one is never opened; where it is open already, that is an error too.
 * @example mysqlWritable({ writable: true })
 */
export const mysqlWritable = defineTask({
  kind: 'mysqlWritable',
  options,
  subject: (o) => (o.writable ? 'open' : 'closed'),
  reads: () => ({ server: mysqlServer({}), replication: mysqlReplication({}) }),
  plan: (o, { server, replication }) => {
    const now = runningServer(server);
    const change = o.writable ? opened(now, replication, o.semiSync) : closed(now);
    if (change === undefined) return [];
    return [
      {
        summary: change.summary,
        steps: [sh(runMysql(change.statements))],
        touches: ['mysql:writable'],
        predicts: [mysqlServer({}).predict({ ...now, ...change.after })],
        live: true,
      },
    ];
  },
});

interface Turn {
  readonly summary: string;
  readonly statements: readonly string[];
  readonly after: Pick<RunningMysql, 'readOnly' | 'superReadOnly' | 'semiSyncSource'>;
}

function opened(
  now: RunningMysql,
  replication: MysqlReplication | undefined,
  semiSync: boolean = now.semiSyncSource,
): Turn | undefined {
  if (replication !== undefined) {
    const stopped = replication.receiver === 'stopped' && replication.applier === 'stopped';
    throw new PlanError(
      `this server ${stopped ? 'is set up to replicate' : 'replicates'} from ${replication.sourceHost}: with writes of its own the two would drift apart`,
      { hint: 'name another primary, or promote this one first: STOP REPLICA; RESET REPLICA ALL' },
    );
  }
  const isClosed = now.readOnly || now.superReadOnly;
  const turns = semiSync === now.semiSyncSource ? [] : [setSemiSyncSource(now.flavour, semiSync)];
  if (!isClosed && turns.length === 0) return undefined;
  return {
    summary: [
      ...(isClosed ? ['open for writes'] : []),
      ...(turns.length > 0 ? [`semi-synchronous commits ${semiSync ? 'on' : 'off'}`] : []),
    ].join(', '),
    statements: [...turns, ...(isClosed ? openStatements(now.flavour) : [])],
    after: { readOnly: false, superReadOnly: false, semiSyncSource: semiSync },
  };
}

function closed(now: RunningMysql): Turn | undefined {
  const mysql = now.flavour === 'mysql';
  if (mysql ? now.superReadOnly : now.readOnly) return undefined;
  return {
    summary: mysql ? 'make read-only' : 'make read-only (for all but administrators)',
    // MySQL's super_read_only implies read_only.
    statements: [closeStatement(now.flavour)],
    after: { readOnly: true, superReadOnly: mysql, semiSyncSource: now.semiSyncSource },
  };
}
