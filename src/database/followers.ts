import type { DatabaseServer } from '../model/database.js';
import { attachStatements } from '../tasks/mysql/attach.js';
import { setSemiSyncSource } from '../tasks/mysql/roles.js';
import type { RunningMember } from './member.js';
import type { Act } from './operation.js';
import { openNow, sql } from './sql.js';

/** Has a server follow another one. A former primary goes on from its own last transaction. */
export function follow(member: RunningMember, source: DatabaseServer, formerPrimary: boolean): Act {
  const { flavour } = member.node.server;
  const wanted = {
    sourceAddress: source.address,
    port: source.port,
    user: source.replicationUser,
    password: source.replicationPassword,
    caFile: source.caFile,
    verifyName: true,
    waitSeconds: 0,
  };
  return {
    host: member.host,
    id: `follow ${source.host}`,
    summary: `follow ${source.host}, read-only`,
    script: () => sql(flavour, [setSemiSyncSource(flavour, false), ...attachStatements(wanted, { flavour, formerPrimary })]),
  };
}

/** Ends the guard that a start of the server may have left looking. */
export const STOP_GUARD = 'systemctl stop provision-db-guard.service 2>/dev/null || true';

/** Ends the guard of a start that is just going on, and takes the host for this operation. */
export function takeOver(member: { readonly host: string }): Act {
  return {
    host: member.host,
    id: 'take over',
    summary: 'keep the guard from opening it',
    idle: true,
    script: () => STOP_GUARD,
  };
}

/** Gives a server its writes back that was closed in vain. */
export function openAgain({ host, node }: RunningMember): Act {
  return { host, id: 'open', summary: 'open for writes again', script: () => openNow(node.server.flavour) };
}
