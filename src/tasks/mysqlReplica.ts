import { z } from 'zod';
import { mysqlDatabases } from '../facts/mysqlDatabases.js';
import { mysqlGtid, type MysqlGtid } from '../facts/mysqlGtid.js';
import { mysqlReplication } from '../facts/mysqlReplication.js';
import { mysqlServer } from '../facts/mysqlServer.js';
import type { Change } from '../model/change.js';
import { PlanError } from '../model/errors.js';
import { absolutePath } from '../model/options.js';
import { defineTask } from '../model/task.js';
import { formatGtidPosition, lastOfDomains, parseGtidPosition } from '../util/gtidPosition.js';
import { Secret } from '../util/secret.js';
import { wantedLink } from './mysql/link.js';
import { accountUser } from './mysql/options.js';
import { planReplica } from './mysql/replicaPlan.js';
import { requireReplication } from './mysql/requirements.js';
import { runningServer } from './mysql/server.js';

const options = z
  .strictObject({
    /** The name in the inventory of the host to replicate from; it is asked who it is. */
    source: z.string().min(1),
    /** Where this host reaches that one: an address or a name. */
    sourceAddress: z.string().regex(/^[\w.:-]{1,255}$/, 'expected an address or a host name'),
    /** The port that the source listens on. Default 3306. */
    port: z.int().min(1).max(65535).default(3306),
    /** The account to log in with; it has REPLICATION SLAVE on the source (and BACKUP_ADMIN for a first copy of MySQL). */
    user: accountUser,
    /** Its password; at most 32 characters on MySQL. */
    password: z.instanceof(Secret, { error: 'expected a Secret' }),
    /** The authority on this host that the source's certificate must be signed by. Default: its certificate is not checked. */
    caFile: absolutePath.optional(),
    /** Whether the source's certificate must name `sourceAddress`. Default: where there is a `caFile`. */
    verifyName: z.boolean().optional(),
    /** `auto` copies the source's data first where its binary logs do not reach back, or hold less than it has. Default `auto`. */
    firstCopy: z.enum(['auto', 'never']).default('auto'),
    /** Lets a first copy replace data that this server has of its own. Default false: the task fails, and says what it has. */
    overwrite: z.boolean().default(false),
    /** How long to wait for replication to run, in seconds. Default 60. */
    waitSeconds: z.int().min(1).default(60),
    /** How long a first copy may take, in seconds. Default 14400. */
    copyTimeoutSeconds: z.int().min(1).default(14_400),
  })
  .refine((o) => o.verifyName !== true || o.caFile !== undefined, {
    path: ['verifyName'],
    error: 'expected caFile too: without an authority a name proves nothing',
  });

/** What a server is restarted with: other data, and its files loaded anew. */
const RESTARTED = [
  'mysql:*',
  ...['mysql', 'mariadb'].flatMap((unit) => [`unit:${unit}.service`, `loaded:${unit}.service`] as const),
] as const;

/**
 * A replica of another host's database server: by GTID, over TLS, read-only, with a first copy of the data where that is
 * needed. It knows the right source by its identity (server_uuid, or MariaDB's server id), and repoints a replica that
 * follows another one.
 * @example mysqlReplica({ source: 'db-01', sourceAddress: '10.0.0.21', user: 'repl', password, caFile: '/etc/mysql/tls/ca.pem' })
 */
export const mysqlReplica = defineTask({
  kind: 'mysqlReplica',
  options,
  subject: (o) => `of ${o.source}`,
  reads: (o) => ({
    server: mysqlServer({}),
    replication: mysqlReplication({}),
    gtid: mysqlGtid({}),
    databases: mysqlDatabases({}),
    source: mysqlServer({}, { host: o.source }),
    sourceGtid: mysqlGtid({}, { host: o.source }),
    sourceDatabases: mysqlDatabases({}, { host: o.source }),
  }),
  plan: (o, now) => {
    const replica = runningServer(now.server);
    const source = runningServer(now.source, `on ${o.source}`);
    const wanted = { ...o, caFile: o.caFile, verifyName: o.verifyName ?? o.caFile !== undefined };
    requireReplication(replica, source, o.source, wanted);
    if (now.gtid === undefined || now.sourceGtid === undefined) {
      throw new PlanError(`the database server ${now.gtid === undefined ? 'here' : `on ${o.source}`} stopped while it was read`);
    }
    const data = { gtid: now.gtid, databases: now.databases };
    const sourceData = { gtid: now.sourceGtid, databases: now.sourceDatabases };
    const changes = planReplica(wanted, { replica, replication: now.replication, data, source, sourceData });
    const after = { ...replica, readOnly: true, superReadOnly: replica.flavour === 'mysql', semiSyncSource: false };
    const predicts = [
      mysqlServer({}).predict(after),
      mysqlReplication({}).predict(wantedLink(wanted, source)),
      mysqlDatabases({}).predict(now.sourceDatabases),
      mysqlGtid({}).predict(caughtUp(now.gtid, now.sourceGtid)),
    ];
    return changes.map(({ summary, steps, replacesData }): Change => ({
      summary,
      steps,
      touches: replacesData === true ? RESTARTED : ['mysql:*'],
      predicts,
      live: true,
    }));
  },
});

/** A replica's transactions once it has all of its source's, for a plan. */
function caughtUp(now: MysqlGtid, source: MysqlGtid): MysqlGtid {
  const position = formatGtidPosition(lastOfDomains(parseGtidPosition(source.binlogState)));
  return { ...now, executed: source.executed, slavePosition: position };
}
