import { InputError, OperationRefusedError, ProvisionError } from '../model/errors.js';
import type { DatabaseServer } from '../model/database.js';
import type { Session } from '../model/session.js';
import { didYouMean } from '../util/names.js';
import { quote, shellLine } from '../util/shell.js';
import { isRunning, sourceOf, writableOf, type Member, type RunningMember } from './member.js';
import type { Act, Operation } from './operation.js';
import { memberNamed, stateOf, twoPrimaries } from './switchover.js';

/** A backup on a host. */
export interface Backup {
  readonly host: string;
  /** The file's name; its time is in it. */
  readonly file: string;
  readonly bytes: number;
  /** When it was made, in seconds since 1970. */
  readonly seconds: number;
}

/** Longest time for a dump, and for a restore, in seconds. */
const LONGEST = 6 * 3600;

/** All hosts' backups, the newest first. Hosts that cannot be reached have none here. */
export async function findBackups(
  servers: readonly DatabaseServer[],
  openSession: (host: string, user: string) => Promise<Session>,
): Promise<readonly Backup[]> {
  const found = await Promise.all(
    servers.map(async ({ host, backupFolder }): Promise<readonly Backup[]> => {
      try {
        const list = `find ${quote(backupFolder)} -maxdepth 1 -name '*.sql.gz' -printf '%f\\t%s\\t%T@\\n' 2>/dev/null`;
        const [result] = await (await openSession(host, 'root')).read([list]);
        return (result?.stdout ?? '').split('\n').flatMap((line) => {
          const [file = '', bytes, seconds] = line.split('\t');
          return file === '' ? [] : [{ host, file, bytes: Number(bytes), seconds: Number(seconds) }];
        });
      } catch (error) {
        if (error instanceof ProvisionError) return [];
        throw error;
      }
    }),
  );
  return found.flat().sort((a, b) => b.seconds - a.seconds);
}

/** A backup now: on the host that is named, else on a replica that is well, else on the primary. */
export function planBackup(name: string | undefined, members: readonly Member[]): Operation {
  const member = name === undefined ? bestForBackup(members) : memberNamed(name, members);
  if (member === undefined || !isRunning(member)) {
    throw new OperationRefusedError(member === undefined ? 'no database server answers' : `${member.host} ${stateOf(member)}`, {
      hint: 'provision db status shows each server',
    });
  }
  return {
    title: `Back up ${member.host}`,
    primary: member.host,
    followers: [],
    warnings: [],
    undone: '',
    undo: [],
    stages: [{ title: `Back up ${member.host}`, onFailure: 'stop', acts: [backUp(member)] }],
  };
}

/**
 * Puts a backup's databases in the place of those that the primary has, from where the replicas get them. What is there now is
 * backed up before. Throws InputError where there is no such backup, OperationRefusedError where no primary takes it.
 */
export function planRestore(
  wanted: { readonly host?: string | undefined; readonly file?: string | undefined },
  backups: readonly Backup[],
  members: readonly Member[],
): Operation {
  const from = backupWanted(wanted, backups);
  const source = memberNamed(from.host, members);
  const [primary, second] = writableOf(members);
  if (second !== undefined) throw twoPrimaries(members);
  if (primary === undefined) {
    throw new OperationRefusedError('no server takes writes, so there is none to restore into', {
      hint: 'provision db status shows each server; provision db failover opens one',
    });
  }
  const original = `${source.backupFolder}/${from.file}`;
  const path = source.host === primary.host ? original : `${primary.backupFolder}/.restore.gz`;
  const fetch: Act = {
    host: primary.host,
    id: 'fetch',
    summary: `fetch ${from.file} from ${source.host}`,
    script: () => `umask 077\ncat >${quote(path)}`,
    input: { host: source.host, script: shellLine('cat', original) },
    timeoutSeconds: LONGEST,
  };
  return {
    title: `Restore ${from.file} into ${primary.host}`,
    primary: primary.host,
    followers: members.filter((member) => sourceOf(member, members)?.host === primary.host).map(({ host }) => host),
    warnings: [
      `the databases of ${from.file} take the place of those of the same names: what was written since is only in the backup that is made first`,
    ],
    undone: '',
    undo: [],
    stages: [
      { title: `Back up ${primary.host} as it is`, onFailure: 'stop', acts: [backUp(primary)] },
      { title: 'Fetch the backup', onFailure: 'stop', acts: path === original ? [] : [fetch] },
      { title: 'Check the backup', onFailure: 'stop', acts: [check(primary, path)] },
      { title: `Restore into ${primary.host}`, onFailure: 'stop', acts: [load(primary, path, path !== original)] },
    ],
  };
}

function bestForBackup(members: readonly Member[]): RunningMember | undefined {
  const running = members.filter(isRunning);
  const replicas = running.filter(({ node }) => node.channel?.receiver === 'running' && node.channel.applier === 'running');
  return replicas[0] ?? writableOf(members)[0] ?? running[0];
}

function backupWanted(
  { host, file }: { host?: string | undefined; file?: string | undefined },
  backups: readonly Backup[],
): Backup {
  const there = backups.filter((one) => host === undefined || one.host === host);
  const found = there.find((one) => file === undefined || one.file === file);
  if (found !== undefined) return found;
  const names = there.map((one) => one.file);
  throw new InputError(
    file === undefined
      ? `there is no backup${host === undefined ? '' : ` on ${host}`}`
      : `there is no backup ${file}${didYouMean(file, names)}`,
    { hint: 'provision db backups lists them; provision db backup makes one' },
  );
}

function backUp({ host, backupProgram }: Member): Act {
  const script = () => shellLine(backupProgram, '--here');
  return { host, id: 'backup', summary: 'dump all databases', script, timeoutSeconds: LONGEST };
}

/** A stream that was cut off must not be found out when half of it is in place. */
function check({ host }: Member, path: string): Act {
  return {
    host,
    id: 'check',
    summary: 'see that the backup is whole',
    idle: true,
    script: () => `file=${quote(path)}
gzip -dc "$file" | tail -n 1 | grep -q '^-- Dump completed' || { echo 'the backup is not whole' >&2; exit 1; }
if gzip -dc "$file" 2>/dev/null | head -n 100 | grep -Eiq '^SET .*sql_log_bin *= *0'; then
  echo 'the backup turns the binary log off: the replicas would not get it (mysqldump --set-gtid-purged=OFF makes one that does not)' >&2
  exit 1
fi`,
    timeoutSeconds: LONGEST,
  };
}

function load({ host, node }: RunningMember, path: string, isCopy: boolean): Act {
  const client = node.server.flavour === 'mysql' ? 'mysql --protocol=socket' : 'mariadb --protocol=socket';
  return {
    host,
    id: 'restore',
    summary: 'replace the databases by those of the backup',
    script: () => `gzip -dc ${quote(path)} | ${client} --binary-mode${isCopy ? `\nrm -f -- ${quote(path)}` : ''}`,
    timeoutSeconds: LONGEST,
  };
}
