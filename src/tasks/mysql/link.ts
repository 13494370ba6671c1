import type { MysqlReplication } from '../../facts/mysqlReplication.js';
import type { RunningMysql } from '../../facts/mysqlServer.js';
import { sha256 } from '../../util/hash.js';
import { Secret, reveal } from '../../util/secret.js';
import type { WantedSource } from './attach.js';

/** How a replica's channel, as it is set up, differs from the wanted one. */
export interface LinkDifferences {
  /** In words: `port 3306 → 3307`. Empty: it is set up as wanted. */
  readonly words: readonly string[];
  /** Whether it follows the wanted server, by address and identity, or tries to. */
  readonly sameSource: boolean;
}

/** `source` is the server that is to be followed, asked itself: its identity counts, not only its address. */
export function linkDifferences(wanted: WantedSource, now: MysqlReplication, source: RunningMysql): LinkDifferences {
  const otherServer =
    source.flavour === 'mysql'
      ? now.sourceUuid !== '' && now.sourceUuid !== source.serverUuid
      : now.sourceServerId !== 0 && now.sourceServerId !== source.serverId;
  const hash = reveal(now.passwordHash);
  const from = `${now.sourceHost}:${now.sourcePort}`;
  const to = `${wanted.sourceAddress}:${wanted.port}`;
  return {
    sameSource: from === to && !otherServer,
    words: [
      ...(from === to ? [] : [`source ${from} → ${to}`]),
      ...(from === to && otherServer ? [`another server than the one followed so far answers at ${to}`] : []),
      ...(now.sourceUser === wanted.user ? [] : [`user ${now.sourceUser} → ${wanted.user}`]),
      ...(hash === '' || hash === sha256(reveal(wanted.password)) ? [] : ['password']),
      ...(now.byGtid ? [] : ['by GTID']),
      ...(now.tls ? [] : ['over TLS']),
      ...(now.caFile === (wanted.caFile ?? '') ? [] : [`authority ${now.caFile || 'any'} → ${wanted.caFile ?? 'any'}`]),
      ...(now.verifyName === wanted.verifyName ? [] : [wanted.verifyName ? 'verify the name' : 'verify no name']),
    ],
  };
}

/** The channel once it runs as wanted. */
export function wantedLink(wanted: WantedSource, source: RunningMysql): MysqlReplication {
  return {
    sourceHost: wanted.sourceAddress,
    sourcePort: wanted.port,
    sourceUser: wanted.user,
    passwordHash: new Secret(sha256(reveal(wanted.password))),
    sourceUuid: source.serverUuid,
    sourceServerId: source.serverId,
    byGtid: true,
    tls: true,
    caFile: wanted.caFile ?? '',
    verifyName: wanted.verifyName,
    receiver: 'running',
    applier: 'running',
    receiverError: undefined,
    applierError: undefined,
    secondsBehind: 0,
  };
}
