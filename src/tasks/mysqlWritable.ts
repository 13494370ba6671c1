import { z } from 'zod';
import { runMysql } from '../facts/mysql/client.js';
import { mysqlReplication, type MysqlReplication } from '../facts/mysqlReplication.js';
import { mysqlServer, type RunningMysql } from '../facts/mysqlServer.js';
import { sh } from '../model/change.js';
import { PlanError } from '../model/errors.js';
import { defineTask } from '../model/task.js';
import { runningServer } from './mysql/server.js';

const options = z.strictObject({
  /** True opens the server for writes until its next restart; false closes it, for root too where the server can. */
  writable: z.boolean(),
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
    const change = o.writable ? opened(now, replication) : closed(now);
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
  readonly after: Pick<RunningMysql, 'readOnly' | 'superReadOnly'>;
}

function opened(now: RunningMysql, replication: MysqlReplication | undefined): Turn | undefined {
  if (replication !== undefined) {
    const stopped = replication.receiver === 'stopped' && replication.applier === 'stopped';
    throw new PlanError(
      `this server ${stopped ? 'is set up to replicate' : 'replicates'} from ${replication.sourceHost}: with writes of its own the two would drift apart`,
      { hint: 'name another primary, or promote this one first: STOP REPLICA; RESET REPLICA ALL' },
    );
  }
  if (!now.readOnly && !now.superReadOnly) return undefined;
  const off = now.flavour === 'mysql' ? ['SET GLOBAL super_read_only = OFF'] : [];
  return {
    summary: 'open for writes',
    statements: [...off, 'SET GLOBAL read_only = OFF'],
    after: { readOnly: false, superReadOnly: false },
  };
}

function closed(now: RunningMysql): Turn | undefined {
  const mysql = now.flavour === 'mysql';
  if (mysql ? now.superReadOnly : now.readOnly) return undefined;
  return {
    summary: mysql ? 'make read-only' : 'make read-only (for all but administrators)',
    // MySQL's super_read_only implies read_only.
    statements: [mysql ? 'SET GLOBAL super_read_only = ON' : 'SET GLOBAL read_only = ON'],
    after: { readOnly: true, superReadOnly: mysql },
  };
}
