import type { Os } from 'provision/facts/os';
import type { TaskContext, TaskList } from 'provision/playbook';
import { directory } from 'provision/tasks/directory';
import { template } from 'provision/tasks/template';
import { timer } from 'provision/tasks/timer';
import { BACKUP_PROGRAM, type BackupVars } from './backupsVars.js';
import { GUARD_OPTION_FILE } from './mysqlGuard.js';
import { flavourOf, type Flavour, type MysqlVars } from './mysqlVars.js';
import { addressOf } from './network.js';

/** What db-backup.sh.ejs is given. */
export interface BackupTemplate {
  readonly flavour: Flavour;
  readonly hostName: string;
  readonly folder: string;
  readonly keepDays: number;
  readonly peers: readonly { readonly name: string; readonly address: string; readonly port: number }[];
  /** A client's options for asking the other servers. */
  readonly optionFile: string;
}

/** Dumps of all databases at night, made on a replica where there is one, and kept for some days. */
export function backups({ host, vars, hosts, facts }: TaskContext<BackupVars & MysqlVars, 'db', { os: Os }>): TaskList {
  const backup: BackupTemplate = {
    flavour: flavourOf(vars, facts.os),
    hostName: host.name,
    folder: vars.backup_folder,
    keepDays: vars.backup_keep_days,
    peers: hosts('db')
      .filter(({ name }) => name !== host.name)
      .map((peer) => ({ name: peer.name, address: addressOf(peer), port: peer.vars.mysql_port })),
    optionFile: GUARD_OPTION_FILE,
  };
  return [
    directory({ path: vars.backup_folder, owner: 'root', group: 'root', mode: '0700' }),
    template({ src: 'db-backup.sh.ejs', path: BACKUP_PROGRAM, vars: { ...backup }, owner: 'root', group: 'root', mode: '0755' }),
    timer({
      name: 'provision-db-backup',
      description: 'Dump all databases',
      onCalendar: vars.backup_calendar,
      randomDelaySeconds: 300,
      command: BACKUP_PROGRAM,
    }),
  ];
}
