import type { RunningMysql } from '../../facts/mysqlServer.js';
import { PlanError } from '../../model/errors.js';
import { reveal } from '../../util/secret.js';
import type { WantedSource } from './attach.js';

/** MySQL's limit for the password of a replication channel. */
const LONGEST_PASSWORD = 32;

/** What must be so for one server to replicate from another, before any data are looked at. Throws PlanError. */
export function requireReplication(replica: RunningMysql, source: RunningMysql, name: string, wanted: WantedSource): void {
  if (replica.flavour !== source.flavour) {
    throw new PlanError(`${name} runs ${product(source)}, and this host ${product(replica)}: they do not replicate`, {
      hint: 'set mysql_flavour to the same for both',
    });
  }
  if (replica.serverId === source.serverId) {
    throw new PlanError(`${name} and this host both have server_id ${source.serverId}: each server needs its own`, {
      hint: 'set server_id in the configuration of one of them, and restart it',
    });
  }
  if (!source.binaryLog) {
    throw new PlanError(`${name} writes no binary log: there is nothing to replicate`, {
      hint: 'set log_bin in its configuration, and restart it',
    });
  }
  for (const [server, where] of [
    [source, name],
    [replica, 'this host'],
  ] as const) {
    if (!server.gtid) {
      throw new PlanError(`${where} runs with gtid_mode = OFF: replication here is by GTID only`, {
        hint: 'set gtid_mode = ON and enforce_gtid_consistency = ON in its configuration, and restart it',
      });
    }
  }
  if (!source.tls) {
    throw new PlanError(`${name} accepts no encrypted connections: passwords and data would cross the network in the open`, {
      hint: 'give it a certificate: ssl_ca, ssl_cert and ssl_key in its configuration',
    });
  }
  if (source.flavour === 'mysql' && reveal(wanted.password).length > LONGEST_PASSWORD) {
    throw new PlanError(`the replication password has more than ${LONGEST_PASSWORD} characters, which is all that MySQL takes`, {
      hint: 'choose a shorter one',
    });
  }
}

function product(server: RunningMysql): string {
  return `${server.flavour === 'mysql' ? 'MySQL' : 'MariaDB'} ${server.version}`;
}
