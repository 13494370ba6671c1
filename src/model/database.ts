import type { Secret } from '../util/secret.js';

/** A server of the group of database servers of which one takes the writes, as a playbook's `databases` tells. */
export interface DatabaseServer {
  /** The name of its host. */
  readonly host: string;
  /** Where the other servers reach it. */
  readonly address: string;
  readonly port: number;
  /** The account that its replicas log in with. */
  readonly replicationUser: string;
  readonly replicationPassword: Secret;
  /** The authority, a file on each host, that the servers' certificates are signed by. */
  readonly caFile: string;
  /** On each host: a client's option file with an account that may ask the other servers whether they take writes. */
  readonly peerOptionFile: string;
  /** On each host: the folder of its backups, and the program that makes one with the argument `--here`. */
  readonly backupFolder: string;
  readonly backupProgram: string;
}
