import { createHmac } from 'node:crypto';
import type { Host } from 'provision/host';
import { reveal, Secret, secretText } from 'provision/secret';
import type { Task } from 'provision/task';
import { file } from 'provision/tasks/file';
import { mysqlUser } from 'provision/tasks/mysqlUser';
import { service } from 'provision/tasks/service';
import { systemdUnit } from 'provision/tasks/systemdUnit';
import { template } from 'provision/tasks/template';
import type { Flavour, MysqlVars } from './mysqlVars.js';
import { addressOf } from './network.js';

/** What db-guard.sh.ejs is given. */
export interface GuardTemplate {
  readonly flavour: Flavour;
  /** Where the other servers reach this one. */
  readonly address: string;
  readonly peers: readonly { readonly name: string; readonly address: string; readonly port: number }[];
  readonly optionFile: string;
}

/** What db-guard.service.ejs is given. */
export interface GuardUnitTemplate {
  /** The database server's unit. */
  readonly unit: string;
  readonly program: string;
}

interface GuardOptions {
  readonly host: Host<MysqlVars>;
  readonly vars: MysqlVars;
  /** The group's other servers. */
  readonly peers: readonly Host<MysqlVars>[];
  readonly flavour: Flavour;
  /** The folder of the certificates. */
  readonly tls: string;
}

const PROGRAM = '/usr/local/sbin/provision-db-guard';
/** A client's options for asking the other servers. */
export const GUARD_OPTION_FILE = '/etc/mysql/provision-guard.cnf';
const UNIT = 'provision-db-guard.service';

/** Opens a server after a start where it is the one that may take writes: all start read-only. */
export function mysqlGuard({ host, vars, peers, flavour, tls }: GuardOptions): readonly Task[] {
  const guard: GuardTemplate = {
    flavour,
    address: addressOf(host),
    peers: peers.map((peer) => ({ name: peer.name, address: addressOf(peer), port: peer.vars.mysql_port })),
    optionFile: GUARD_OPTION_FILE,
  };
  const unit: GuardUnitTemplate = { unit: `${flavour}.service`, program: PROGRAM };
  const verify = flavour === 'mysql' ? 'ssl-mode=VERIFY_IDENTITY' : 'ssl-verify-server-cert';
  return [
    file({
      path: GUARD_OPTION_FILE,
      content: secretText`[client]\nuser=${vars.mysql_guard_user}\npassword=${guardPassword(vars)}\nconnect-timeout=3\nssl-ca=${tls}/ca.pem\n${verify}\n`,
      owner: 'root',
      group: 'root',
      mode: '0600',
    }),
    template({ src: 'db-guard.sh.ejs', path: PROGRAM, vars: { ...guard }, owner: 'root', group: 'root', mode: '0755' }),
    systemdUnit({ name: UNIT, src: 'db-guard.service.ejs', vars: { ...unit } }),
    service({ name: UNIT, enabled: true }),
  ];
}

/** The account with which a server asks the others: it sees who takes writes and who follows whom, and no data. */
export function guardAccount(host: Host<MysqlVars>): Task {
  const { vars } = host;
  return mysqlUser({
    name: vars.mysql_guard_user,
    host: addressOf(host),
    password: guardPassword(vars),
    requireTls: true,
    grants: [{ privileges: ['REPLICA MONITOR'], on: '*.*' }],
  });
}

/** Made of the replication account's, so that there is none more to keep. Neither tells the other to who lacks both. */
function guardPassword({ mysql_replication_password: key }: MysqlVars): Secret {
  return new Secret(createHmac('sha256', reveal(key)).update('provision-db-guard').digest('base64url'));
}
