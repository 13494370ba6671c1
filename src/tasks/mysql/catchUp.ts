import { mysqlFunction, NO_CLIENT, pipeMysql, runMysql } from '../../facts/mysql/client.js';
import type { MysqlFlavour } from '../../facts/mysqlServer.js';
import { sh, type RelayStep, type ShellStep } from '../../model/change.js';
import { joinText, type Text } from '../../util/secret.js';
import { quote } from '../../util/shell.js';

/** Refused account, refused address, TLS that does not fit: the thread goes on trying, in vain. */
const HOPELESS = [1045, 1130, 2026];

/** Where a replica notes what it is to reach. */
const TARGET = '/run/provision/replicationTarget';

/** Which replication is to run. */
export interface CatchUp {
  readonly flavour: MysqlFlavour;
  /** The source's name in the inventory. */
  readonly source: string;
  /** How long to wait for it to run, in seconds. */
  readonly waitSeconds: number;
}

/** Steps that run statements, and wait until the replica has what the source had right before them. */
export function catchUpSteps(statements: readonly Text[], wanted: CatchUp): readonly [RelayStep, ShellStep] {
  // A step's limit must be beyond the script's own, which says more.
  const timeoutSeconds = wanted.waitSeconds + 60;
  return [noteTarget(wanted), sh(joinText([runMysql(statements), '\n', waitForTarget(wanted)]), { timeoutSeconds })];
}

/** Asks the source for its transactions when the step is done: a plan that names them would be old with the next write. */
function noteTarget({ flavour, source }: CatchUp): RelayStep {
  const now = flavour === 'mysql' ? 'SELECT @@GLOBAL.gtid_executed' : 'SELECT @@GLOBAL.gtid_binlog_pos';
  return {
    kind: 'relay',
    from: {
      host: source,
      script: `${NO_CLIENT} || exit 127
now=$(${pipeMysql(`printf %s ${quote(now)}`)} --skip-column-names --raw) || exit 1
printf %s "$now"`,
    },
    script: `target=$(tr -d '[:space:]')
case $target in *[!0-9A-Za-z_:,-]*) echo "what ${source} has is no set of transactions: $target" >&2; exit 1 ;; esac
mkdir -p -m 0700 ${TARGET.replace(/\/[^/]*$/, '')}
printf %s "$target" >${TARGET}`,
  };
}

/**
 * A script that waits until both threads run and the replica has reached its target. It fails with the server's error
 * when a thread stops, or does not run in time; being still behind by then is no failure.
 */
function waitForTarget({ flavour, waitSeconds }: CatchUp): string {
  const reached =
    flavour === 'mysql' ? "SELECT GTID_SUBSET('%s', @@GLOBAL.gtid_executed)" : "SELECT MASTER_GTID_WAIT('%s', 0) = 0";
  return `${mysqlFunction('status', 'SHOW REPLICA STATUS')}
target=$(cat ${TARGET})
reached() { ${pipeMysql(`printf ${quote(reached)} "$target"`)} --skip-column-names; }
has() { printf '%s\\n' "$now" | grep -Eq "$1"; }
end=$(($(date +%s) + ${waitSeconds}))
while :; do
  now=$(status)
  late=; [ "$(date +%s)" -lt "$end" ] || late=1
  if has '(Replica|Slave)_IO_Running: Yes' && has '(Replica|Slave)_SQL_Running: Yes'; then
    if reached | grep -qx 1; then break; fi
    if [ "$late" ]; then echo 'replication runs, and is still catching up'; break; fi
  elif [ "$late" ] || has 'Last_IO_Errno: (${HOPELESS.join('|')})$' || { has '_(IO|SQL)_Running: No' && has 'Last_(IO|SQL)_Errno: [1-9]'; }; then
    printf '%s\\n' "$now" | grep -E '_(IO|SQL)_Running:|Last_(IO|SQL)_Errno:' >&2
    echo "replication does not run: $(printf '%s\\n' "$now" | sed -n 's/^ *Last_\\(IO\\|SQL\\)_Error: \\(..*\\)/\\2/p' | tr '\\n' ' ')" >&2
    exit 1
  fi
  sleep 0.2
done`;
}
