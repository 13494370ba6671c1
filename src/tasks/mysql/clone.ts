import { mysqlFunction, runMysql } from '../../facts/mysql/client.js';
import { joinText, secretText, type Text } from '../../util/secret.js';
import { sqlAccount, sqlString } from '../../util/sql.js';
import type { WantedSource } from './attach.js';

/** Longest time that the server may take to come back with the copied data, in seconds. */
const RESTART_SECONDS = 300;

/**
 * A script that replaces all of a MySQL server's data by those of its source, with the CLONE plugin: statement, restart
 * (systemd starts the server again, as it ends with a failure by design), and a look at whether it was complete.
 */
export function cloneScript({ sourceAddress, port, user, password, caFile }: WantedSource): Text {
  const clone = runMysql([
    'STOP REPLICA',
    'SET GLOBAL super_read_only = OFF',
    'SET GLOBAL read_only = OFF',
    `SET GLOBAL clone_valid_donor_list = ${sqlString(`${sourceAddress}:${port}`)}`,
    ...(caFile === undefined ? [] : [`SET GLOBAL clone_ssl_ca = ${sqlString(caFile)}`]),
    secretText`CLONE INSTANCE FROM ${sqlAccount(user, sourceAddress)}:${port} IDENTIFIED BY ${sqlString(password)} REQUIRE SSL`,
  ]);
  return joinText([
    `clone() {\n`,
    clone,
    `\n}
${mysqlFunction('state', 'SELECT state, error_no, error_message FROM performance_schema.clone_status')}
# The server ends with the statement: the client may see that (2013), or that nobody is there to restart it (3707).
if ! said=$(clone 2>&1) && ! printf '%s\\n' "$said" | grep -Eq '^ERROR (2013|3707) '; then
  printf '%s\\n' "$said" >&2
  exit 1
fi
end=$(($(date +%s) + ${RESTART_SECONDS}))
until now=$(state 2>/dev/null) && printf '%s\\n' "$now" | grep -q '^ *state: Completed'; do
  if printf '%s\\n' "$now" | grep -q '^ *state: Failed'; then
    printf 'the copy failed: %s\\n' "$now" >&2
    exit 1
  fi
  if [ "$(date +%s)" -ge "$end" ]; then
    echo 'the server did not come back with the copied data: see journalctl -u mysql' >&2
    exit 1
  fi
  case $(systemctl is-active mysql) in inactive | failed) systemctl start mysql || true ;; esac
  sleep 0.5
done`,
  ]);
}
