import { dirname } from 'node:path/posix';
import type { GuardedStep } from '../model/change.js';
import { GUARD_DIRECTORY, guardKey } from '../facts/unconfirmed.js';
import { UNIT_DIRECTORY } from '../facts/units.js';
import { quote } from '../util/shell.js';

/**
 * The sh text of a guard. Its folder's name says how it stands, and renaming it is what decides between the timer and the
 * confirmation: `armed-ID`, then `confirmed-ID`, or `undoing-ID` and `undone-ID`.
 */

/** How a guard stands on its host: `none` where nothing is known of it. */
export type GuardState = 'armed' | 'confirmed' | 'undoing' | 'undone' | 'none';

/** A guard's folders and unit on a host, by its step's name and a word that no other guard has. */
export function guardId(name: string, token: string): string {
  return `${guardKey(name)}-${token}`;
}

/** Keeps the old state, and starts the timer that brings it back. */
export function armScript(step: GuardedStep, id: string): string {
  const { name, paths, seconds, keep = ':' } = step;
  return [
    `G=${GUARD_DIRECTORY}; g=$G/armed-${id}`,
    `mkdir -p -m 755 "\${G%/*}"; mkdir -p -m 700 "$G"; mkdir -m 700 "$g" "$g/old" "$g/before"`,
    `rm -rf -- "$G"/confirmed-${guardKey(name)}-* "$G"/undone-${guardKey(name)}-*`,
    // Others' results, which nobody asks for any more.
    `find "$G" -mindepth 1 -maxdepth 1 '(' -name 'confirmed-*' -o -name 'undone-*' ')' -mtime +0 -exec rm -rf -- {} +`,
    ...paths.map(
      (path, index) => `if [ -e ${quote(path)} ] || [ -L ${quote(path)} ]; then cp -a -- ${quote(path)} "$g/old/${index}"; fi`,
    ),
    `( cd "$g"; ${keep}\n)`,
    `printf '%s\\n' ${quote(undoScript(step))} >"$g/undo"`,
    `printf '%s\\n' ${quote(RUN)} >"$g/run"`,
    // What an interrupted run left unconfirmed is undone after this, should it come to that: its old state is the older one.
    `for b in "$G"/armed-${guardKey(name)}-*; do if [ "$b" != "$g" ]; then mv -- "$b" "$g/before/" 2>/dev/null || :; fi; done`,
    ARM_BOOT,
    // All of it is on the disk before anything changes.
    `find "$G" '(' -type f -o -type d ')' -exec sync -- {} + || :`,
    `if ! [ -d /run/systemd/system ] || ! systemd-run -q --collect --unit=${unitOf(id)} --on-active=${seconds}s --timer-property=AccuracySec=100ms sh "$g/run" "$g" 2>/dev/null; then`,
    // Where there is no systemd: a process of a session of its own, which no hang-up reaches.
    `setsid sh -c 'sleep "$2"; [ ! -d "$1" ] || exec sh "$1/run" "$1"' sh "$g" ${seconds} </dev/null >/dev/null 2>&1 &`,
    'fi',
  ].join('\n');
}

/** Undoes a guard's change now, as its timer would. It prints nothing. */
export function undoNow(id: string): string {
  return [
    `g=${GUARD_DIRECTORY}/armed-${id}`,
    '[ ! -d "$g" ] || sh "$g/run" "$g"',
    `systemctl stop -q ${unitOf(id)}.timer 2>/dev/null || :`,
  ].join('\n');
}

/** Makes a guard's change last, if it is still there, and prints how the guard stands then: a `GuardState`. */
export function confirmScript(id: string): string {
  return [
    `G=${GUARD_DIRECTORY}`,
    `if mv -T -- "$G/armed-${id}" "$G/confirmed-${id}" 2>/dev/null; then`,
    `rm -rf -- "$G/confirmed-${id}"/*`,
    `systemctl stop -q ${unitOf(id)}.timer 2>/dev/null || :`,
    SETTLE,
    'fi',
    stateScript(id),
  ].join('\n');
}

/** The same for all that interrupted runs have left of a name; prints `confirmed` where nothing waits any more. */
export function confirmLeftScript(name: string): string {
  return [
    `G=${GUARD_DIRECTORY}; key=${guardKey(name)}`,
    'for g in "$G/armed-$key"-*; do',
    'n=${g##*/armed-}',
    'if mv -T -- "$g" "$G/confirmed-$n" 2>/dev/null; then rm -rf -- "$G/confirmed-$n"/*; systemctl stop -q "provision-guard-$n.timer" 2>/dev/null || :; fi',
    'done',
    SETTLE,
    // Nothing is said of what was undone in the meantime: the task is planned again on what is there then.
    'echo confirmed',
  ].join('\n');
}

/** Prints how a guard stands: a `GuardState`, and below it what its undoing said where that failed. */
export function stateScript(id: string): string {
  return [
    `for s in armed confirmed undoing undone; do if [ -d ${GUARD_DIRECTORY}/$s-${id} ]; then echo $s; f=1; break; fi; done`,
    `[ -n "$f" ] || echo none`,
    `cat ${GUARD_DIRECTORY}/undone-${id}/failed 2>/dev/null || :`,
  ].join('\n');
}

function unitOf(id: string): string {
  return `provision-guard-${id}`;
}

/**
 * Undoes all that it can; its code is not 0 where something failed. It runs in the guard's folder. With `boot` only the files come back:
 * nothing has read them yet, and what was no file is gone with the machine's memory.
 */
function undoScript({ paths, effect, undo }: GuardedStep): string {
  return [
    'c=0',
    ...paths.map(
      (path, index) =>
        `if [ -e old/${index} ] || [ -L old/${index} ]; then cp -a -- old/${index} ${quote(`${path}.provision-old`)} && mv -fT -- ${quote(`${path}.provision-old`)} ${quote(path)}; else rm -f -- ${quote(path)}; fi || c=1`,
    ),
    ...[undo, effect].flatMap((script) => (script === undefined ? [] : [`[ "$1" = boot ] || ( ${script}\n) || c=1`])),
    'for b in before/*; do [ ! -f "$b/undo" ] || ( cd "$b" && sh ./undo "$1" ) || c=1; done',
    ...paths.map((path) => `sync -- ${quote(path)} ${quote(dirname(path))} 2>/dev/null || :`),
    'exit $c',
  ].join('\n');
}

/** Starts what undoes at boot whatever is not confirmed by then, before the network and all daemons. */
const BOOT_UNIT = `[Unit]
Description=Undo what no login has confirmed before the reboot
DefaultDependencies=no
RequiresMountsFor=${GUARD_DIRECTORY} /etc
After=local-fs.target
Before=sysinit.target network-pre.target nftables.service shutdown.target
Conflicts=shutdown.target
ConditionPathExistsGlob=|${GUARD_DIRECTORY}/armed-*
ConditionPathExistsGlob=|${GUARD_DIRECTORY}/undoing-*

[Service]
Type=oneshot
TimeoutStartSec=60
ExecStart=/bin/sh -c 'for g in ${GUARD_DIRECTORY}/armed-* ${GUARD_DIRECTORY}/undoing-*; do [ ! -d "$$g" ] || sh "$$g/run" "$$g" boot; done'`;

const BOOT_FILE = `${UNIT_DIRECTORY}/provision-guard.service`;
const BOOT_LINK = `${UNIT_DIRECTORY}/sysinit.target.wants/provision-guard.service`;

/** The unit for the next boot is there as long as something waits in the folder $G. systemd reads it then: it need not know it now. */
const ARM_BOOT = [
  'if [ -d /run/systemd/system ]; then (',
  'flock 9',
  `mkdir -p ${dirname(BOOT_LINK)}`,
  `printf '%s\\n' ${quote(BOOT_UNIT)} >${BOOT_FILE}`,
  `ln -sf ../provision-guard.service ${BOOT_LINK}`,
  `sync -- ${BOOT_FILE} ${UNIT_DIRECTORY} ${dirname(BOOT_LINK)} || :`,
  ') 9<"$G"; fi',
].join('\n');

/** Puts a decision on the disk, and takes the unit away once nothing waits any more. */
const SETTLE = [
  'sync -- "$G" 2>/dev/null || :',
  '(',
  'flock 9',
  'for w in "$G"/armed-* "$G"/undoing-*; do [ ! -d "$w" ] || exit 0; done',
  `rm -f -- ${BOOT_LINK} ${BOOT_FILE}`,
  ') 9<"$G"',
].join('\n');

/** What the timer starts, with the armed guard's folder: whoever renames that first has decided. At boot with `boot` behind it. */
const RUN = `
g=$1 G=\${1%/*} n=\${1##*/} n=\${n#*-}
# A reboot may have come while it was being undone.
case \${g##*/} in undoing-*) ;; *) mv -T -- "$g" "$G/undoing-$n" 2>/dev/null || exit 0 ;; esac
cd "$G/undoing-$n" || exit 1
sh ./undo "$2" >log 2>&1 </dev/null || { cat log; echo 'it could not be undone as a whole'; } >failed
rm -rf old before
cd /
mv -T -- "$G/undoing-$n" "$G/undone-$n"
${SETTLE}`;
