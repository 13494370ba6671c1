import type { GuardedStep } from '../model/change.js';
import { GUARD_DIRECTORY, guardKey } from '../facts/unconfirmed.js';
import { quote } from '../util/shell.js';

/**
 * The sh text of a guard. Its folder's name says how it stands, and renaming it is what decides between the timer and the
 * confirmation: `armed-ID`, then `confirmed-ID`, or `undoing-ID` and `undone-ID`.
 */

/** How a guard stands on its host: `none` where nothing is known of it, as after a reboot. */
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
    `mkdir -p -m 711 "\${G%/*}"; mkdir -p -m 700 "$G"; mkdir -m 700 "$g" "$g/old" "$g/before"`,
    `rm -rf -- "$G"/confirmed-${guardKey(name)}-* "$G"/undone-${guardKey(name)}-*`,
    ...paths.map(
      (path, index) => `if [ -e ${quote(path)} ] || [ -L ${quote(path)} ]; then cp -a -- ${quote(path)} "$g/old/${index}"; fi`,
    ),
    `( cd "$g"; ${keep}\n)`,
    `printf '%s\\n' ${quote(undoScript(step))} >"$g/undo"`,
    `printf '%s\\n' ${quote(RUN)} >"$g/run"`,
    // What an interrupted run left unconfirmed is undone after this, should it come to that: its old state is the older one.
    `for b in "$G"/armed-${guardKey(name)}-*; do if [ "$b" != "$g" ]; then mv -- "$b" "$g/before/" 2>/dev/null || :; fi; done`,
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

/** Undoes all that it can; its code is not 0 where something failed. It runs in the guard's folder. */
function undoScript({ paths, effect, undo }: GuardedStep): string {
  return [
    'c=0',
    ...paths.map(
      (path, index) =>
        `if [ -e old/${index} ] || [ -L old/${index} ]; then cp -a -- old/${index} ${quote(`${path}.provision-old`)} && mv -fT -- ${quote(`${path}.provision-old`)} ${quote(path)}; else rm -f -- ${quote(path)}; fi || c=1`,
    ),
    ...[undo, effect].flatMap((script) => (script === undefined ? [] : [`( ${script}\n) || c=1`])),
    'for b in before/*; do [ ! -f "$b/undo" ] || ( cd "$b" && sh ./undo ) || c=1; done',
    'exit $c',
  ].join('\n');
}

/** What the timer starts, with the armed guard's folder: whoever renames that first has decided. */
const RUN = `
g=$1 G=\${1%/*} n=\${1##*/armed-}
mv -T -- "$g" "$G/undoing-$n" 2>/dev/null || exit 0
cd "$G/undoing-$n" || exit 1
sh ./undo >log 2>&1 </dev/null || { cat log; echo 'it could not be undone as a whole'; } >failed
rm -rf old before
cd /
mv -T -- "$G/undoing-$n" "$G/undone-$n"`;
