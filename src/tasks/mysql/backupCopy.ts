import { pipeMysql } from '../../facts/mysql/client.js';
import type { RelayStep, ShellStep } from '../../model/change.js';
import { sh } from '../../model/change.js';
import { quote } from '../../util/shell.js';

/** The copy arrives, and the old data wait, in folders inside the data directory: it may be a file system of its own. */
const NEW = '.provision-new';
const OLD = '.provision-old';

/** What a copy of a MariaDB server needs to know. */
export interface BackupCopy {
  /** The source's name in the inventory. */
  readonly source: string;
  readonly dataDirectory: string;
  readonly timeoutSeconds: number;
}

/**
 * Steps that replace all of a MariaDB server's data by a consistent copy of its source, made by mariadb-backup while the
 * source works on; the server then knows its position, and does not replicate yet. The old data are put back when it
 * does not start with the new ones.
 */
export function backupCopySteps(copy: BackupCopy): readonly [RelayStep, ShellStep] {
  const timeoutSeconds = copy.timeoutSeconds;
  return [
    { kind: 'relay', from: { host: copy.source, script: SEND }, script: receive(copy.dataDirectory), timeoutSeconds },
    sh(swap(copy), { timeoutSeconds }),
  ];
}

const NEEDED = (program: string) =>
  `command -v ${program} >/dev/null || { echo '${program} is not installed on this host: the first copy needs it (package mariadb-backup)' >&2; exit 1; }`;

/** A pipe's code is its last program's: what fails before it leaves a mark. */
const SEND = `${NEEDED('mariadb-backup')}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
{ mariadb-backup --backup --stream=mbstream --target-dir="$work/tmp" 2>"$work/log" || touch "$work/failed"; } | gzip -1
if [ -e "$work/failed" ]; then
  tail -n 15 "$work/log" >&2
  exit 1
fi`;

function receive(dataDirectory: string): string {
  return `${NEEDED('mbstream')}
new=${quote(`${dataDirectory}/${NEW}`)}
if [ -e ${quote(`${dataDirectory}/${OLD}`)} ]; then
  echo ${quote(`${dataDirectory}/${OLD} holds the data of an earlier try: move it away first`)} >&2
  exit 1
fi
rm -rf "$new"
mkdir -m 0700 "$new"
{ gzip -dc || touch "$new/.broken"; } | mbstream -x -C "$new"
if [ -e "$new/.broken" ]; then
  rm -rf "$new"
  echo 'the copy arrived broken' >&2
  exit 1
fi`;
}

function swap({ dataDirectory }: BackupCopy): string {
  return `data=${quote(dataDirectory)} new=${quote(`${dataDirectory}/${NEW}`)} old=${quote(`${dataDirectory}/${OLD}`)}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# Everything in the data directory, but a file system's own folder and ours.
contents() { find "$data" -mindepth 1 -maxdepth 1 ! -name lost+found ! -name ${NEW} ! -name ${OLD} "$@"; }
if ! mariadb-backup --prepare --target-dir="$new" >"$log" 2>&1; then
  tail -n 15 "$log" >&2
  exit 1
fi
info=$new/mariadb_backup_binlog_info
[ -e "$info" ] || info=$new/xtrabackup_binlog_info
position=$(cut -f 3 "$info")
case $position in '' | *[!0-9,-]*) echo "the copy has no GTID position: $(cat "$info")" >&2; exit 1 ;; esac
rm -f "$new"/xtrabackup_* "$new"/mariadb_backup_* "$new"/backup-my.cnf
chown -R mysql:mysql "$new"
systemctl stop mariadb.socket 2>/dev/null || true
systemctl stop mariadb
mkdir -m 0700 "$old"
contents -exec mv -t "$old" -- {} +
find "$new" -mindepth 1 -maxdepth 1 -exec mv -t "$data" -- {} +
# The package's mark of whose data these are.
find "$old" -maxdepth 1 -name 'debian-*.flag' -exec cp -p -t "$data" -- {} +
if ! systemctl start mariadb; then
  journalctl -u mariadb -n 15 --no-pager -o cat >&2 || true
  systemctl stop mariadb || true
  contents -exec rm -rf -- {} +
  find "$old" -mindepth 1 -maxdepth 1 -exec mv -t "$data" -- {} +
  rm -rf "$old" "$new"
  systemctl start mariadb || true
  echo 'the server did not start with the copied data; its own are back in place' >&2
  exit 1
fi
rm -rf "$new" "$old"
# Known here only; checked above to be a position and nothing else.
${pipeMysql(`printf "RESET MASTER; SET GLOBAL gtid_slave_pos = '%s';" "$position"`)}`;
}
