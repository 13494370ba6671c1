import { quote } from '../util/shell.js';

/**
 * The sh text that the controller writes into a host's long-lived shell. Markers are described in frames.ts:
 * `R code` ends an item's standard output, `S` its standard error.
 */

/** Where root's jobs, lock and records live: gone after a reboot, never on disk. */
export const RUN_DIRECTORY = '/run/provision';

/** sh code that prints a marker line. */
function marker(token: string, format: string, ...args: readonly string[]): string {
  return `printf '\\n${token} ${format}\\n'${args.map((arg) => ` ${arg}`).join('')}`;
}

/**
 * The first words to a new shell: a known environment, then a marker with the boot id and the account's id. With `notes`,
 * reads may leave notes for later ones in the folder `$NOTES`, where it can be made.
 */
export function prelude(token: string, notes = false): string {
  return [
    `NOTES=${notes ? `${RUN_DIRECTORY}/notes` : ''}`,
    'umask 022; cd /; unset HISTFILE ENV BASH_ENV',
    'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 LANG=C.UTF-8 LANGUAGE= DEBIAN_FRONTEND=noninteractive',
    'export PATH LC_ALL LANG LANGUAGE DEBIAN_FRONTEND',
    'IFS= read -r B </proc/sys/kernel/random/boot_id',
    `${marker(token, 'ready %s %s', '"$B"', '"$(id -u)"')}\n`,
  ].join('\n');
}

/**
 * One item that only looks. Standard output goes straight to the channel; standard error is kept in a variable until
 * the item ends, so nothing is written on the host. The subshell keeps a syntax error from ending the shell.
 */
export function readItem(token: string, script: string): string {
  return (
    `{ E=$( ( eval ${quote(script)} ) </dev/null 2>&1 1>&3 3>&- ); R=$?; } 3>&1; ` +
    `${marker(token, 'R %s', '$R')}; printf '%s' "$E"; ${marker(token, 'S')}\n`
  );
}

/** How an item names its job's folder, where it may leave a note for a later item of the job. */
export const JOB_FOLDER = '$J';

/** A job's own script: its items in order until one fails. Runs once, however often it is started. */
export function jobScript(token: string, items: readonly string[]): string {
  return [
    'J=${0%/*}',
    'mkdir "$J/started" 2>/dev/null || exit 0',
    'echo $$ >"$J/pid"',
    ...items.map((script, index) =>
      [
        marker(token, `B ${index}`),
        // Descriptor 9 holds the run's lock: the job keeps it, what an item starts must not.
        `( set -e; eval ${quote(script)} ) </dev/null 2>"$J/err" 9>&-`,
        `R=$?; ${marker(token, 'R %s', '$R')}; [ ! -s "$J/err" ] || cat "$J/err"; ${marker(token, 'S')}`,
        `[ $R = 0 ] || { : >"$J/done"; ${marker(token, 'D')}; exit 0; }`,
      ].join('\n'),
    ),
    `: >"$J/done"; ${marker(token, 'D')}`,
  ].join('\n');
}

/** Takes the host's lock, once a connection; prints `L ok` or `L held <who>`. */
export function lockScript(token: string, runId: string, holder: string): string {
  const lock = `${RUN_DIRECTORY}/lock`;
  return [
    `mkdir -p -m 711 ${RUN_DIRECTORY}; exec 9>>${lock}`,
    // The same run after a reconnection: its old shell or its job may still hold the lock.
    `if flock -n 9; then printf '%s\\n%s\\n' ${quote(runId)} ${quote(holder)} >${lock}; ${marker(token, 'L ok')}`,
    `elif [ "$(head -n 1 ${lock})" = ${quote(runId)} ]; then ${marker(token, 'L ok')}`,
    `else exec 9>&-; ${marker(token, 'L held %s', `"$(sed -n 2p ${lock})"`)}; fi\n`,
  ].join('\n');
}

/**
 * Puts a job in its folder, starts it in a session (process group) of its own and follows its output. `X` is printed
 * when its process is gone without having said `D`: it was killed.
 */
export function startJob(token: string, directory: string, script: string): string {
  return [
    `J=${quote(directory)}; [ -d "\${J%/*}" ] || mkdir -p -m 711 "\${J%/*}"; ( umask 077; mkdir -p "$J"; printf '%s\n' ${quote(script)} >"$J/script"; : >>"$J/out" )`,
    // Its parent waits for it: to `tail --pid`, a process that nobody waits for looks alive.
    `( setsid sh "$J/script" >>"$J/out" 2>&1 </dev/null & P=$!; exec 9>&-; ${follow('"$P"')} & wait $P; wait; ${gone(token, directory)} ) &\n`,
  ].join('\n');
}

/** Picks a job up after a reconnection: follows it from its first line, or says `N` where it was never begun. */
export function attachJob(token: string, directory: string): string {
  return [
    `J=${quote(directory)}; if [ -d "$J/started" ]; then`,
    `( exec 9>&-; ${follow('"$(cat "$J/pid")"')}; ${gone(token, directory)} ) &`,
    `else ${marker(token, 'N')}; fi\n`,
  ].join('\n');
}

function follow(pid: string): string {
  return `tail -n +1 -s 0.05 -f --pid=${pid} "$J/out" 2>/dev/null`;
}

/**
 * Says nothing after a job that ended by itself: that would fall into the next answer. It runs while `forgetJob` does, which
 * takes the script away first: so whoever does not see `done` any more does not see the script either.
 */
export function gone(token: string, directory: string): string {
  const name = directory.slice(directory.lastIndexOf('/') + 1);
  return `[ -e "$J/done" ] || [ ! -e "$J/script" ] || ${marker(token, `X ${name}`)}`;
}

/** Asks a job's whole process group to end. */
export function cancelJob(directory: string, signal: 'TERM' | 'KILL'): string {
  return `kill -s ${signal} -- -"$(cat ${quote(`${directory}/pid`)})" 2>/dev/null\n`;
}

/** Removes what a job left in its folder; the script first, as `gone` says why. */
export function forgetJob(directory: string): string {
  return `rm -rf -- ${quote(`${directory}/script`)} ${quote(directory)}\n`;
}

/** An item whose standard input (or output) is a FIFO that another channel fills (or empties); `F` says it is there. */
export function fifoItem(token: string, fifo: string, script: string, direction: 'in' | 'out', loginUser: string): string {
  const parent = fifo.slice(0, fifo.lastIndexOf('/'));
  const streams = direction === 'in' ? `<${quote(fifo)} 1>&3` : `</dev/null >${quote(fifo)}`;
  return [
    `mkdir -p -m 711 ${quote(parent)}; rm -f -- ${quote(fifo)}; mkfifo -m 600 ${quote(fifo)}; chown ${quote(loginUser)} ${quote(fifo)} 2>/dev/null`,
    marker(token, 'F'),
    `{ E=$( ( set -e; eval ${quote(script)} ) 2>&1 ${streams} 3>&- 9>&- ); R=$?; } 3>&1`,
    `rm -f -- ${quote(fifo)}; ${marker(token, 'R %s', '$R')}; printf '%s' "$E"; ${marker(token, 'S')}\n`,
  ].join('\n');
}
