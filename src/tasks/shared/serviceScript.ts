import { LOADED_DIRECTORY } from '../../facts/loaded.js';
import { MARK_SHELL } from '../../facts/marks.js';
import { quote } from '../../util/shell.js';
import { READ_AGAIN, READ_LATER, READ_NOW } from './systemdReload.js';
import { RECORD_SHELL } from './serviceRecord.js';

/** What a step does to a unit, in this order. */
export interface ServiceActions {
  readonly unit: string;
  readonly unmask: boolean;
  readonly enable: boolean | undefined;
  readonly act: 'start' | 'restart' | 'reload' | 'stop' | undefined;
  readonly mask: boolean;
  /** All that the running process must have loaded; a folder ends with `/`. */
  readonly paths: readonly string[];
  /** How long a process without a readiness signal of its own must stay alive, in seconds. */
  readonly settleSeconds: number;
  /** TCP ports on which it listens when it is ready. */
  readonly listens: readonly number[];
}

/**
 * sh code that does it. After a start, restart or reload, `afterwards` is to follow, and in the end `READ_AGAIN` of
 * systemdReload.ts; before, systemd may have units to read again.
 */
export function serviceScript(o: ServiceActions): string {
  return [
    names(o),
    UNIT_SHELL,
    ...(o.unmask ? [`systemctl unmask -q -- "$u"`] : []),
    'find_unit',
    ...enableScript(o),
    ...(o.act === 'stop' ? [`systemctl stop -- "$u"`] : []),
    ...(loads(o) ? [loadShell(o), `begin "$@"`] : []),
    ...(o.mask ? [`systemctl mask -q --no-reload -- "$id"; ${READ_LATER}`] : []),
  ].join('\n');
}

/**
 * sh code that judges whether the unit stayed up after it was started, restarted or reloaded, keeps a record of what the
 * process has loaded, and takes new files back when it refuses them. Undefined where nothing is to be judged.
 */
export function afterwards(o: ServiceActions): string | undefined {
  if (!loads(o)) return undefined;
  return [names(o), UNIT_SHELL, loadShell(o), 'judge "$@"'].join('\n');
}

function names({ unit }: ServiceActions): string {
  return `u=${quote(unit)} d=${quote(`${LOADED_DIRECTORY}/${unit}`)}`;
}

function loads({ act }: ServiceActions): boolean {
  return act === 'start' || act === 'restart' || act === 'reload';
}

/**
 * What a target wants, systemd asks when the target is begun: at the next boot, when it reads everything anyway. Other links
 * (another name, another unit's wish, another unit) it has to read; and these too where it goes on saying what it said before:
 * of a unit that it has looked at, or of all where a link makes it call every unit outdated.
 */
function enableScript(o: ServiceActions): readonly string[] {
  if (o.enable === undefined) return [];
  return [
    `if said=$(LC_ALL=C systemctl ${o.enable ? 'enable' : 'disable'} --no-reload -- "$id" 2>&1); then`,
    `  case $(echo "$said" | grep -vF ".target.wants/$id") in *symlink* | *Removed*) ${READ_LATER} ;; esac`,
    `  look NeedDaemonReload,UnitFileState`,
    `  if [ "$outdated" = yes ] || [ "$enabled" = ${o.enable ? 'disabled' : 'enabled'} ]; then ${READ_LATER}; fi`,
    `else echo "$said" >&2; exit 1; fi`,
  ];
}

const UNIT_SHELL = `
id= fragment= load= outdated= enabled= type= after= requires= active= sub= invocation= result= condition=
look() {
  while IFS='=' read -r key value; do
    case $key in
      Id) id=$value ;; FragmentPath) fragment=$value ;; LoadState) load=$value ;; NeedDaemonReload) outdated=$value ;; Type) type=$value ;;
      After) after=$value ;; Requires) requires=$value ;;
      ActiveState) active=$value ;; SubState) sub=$value ;; InvocationID) invocation=$value ;;
      UnitFileState) enabled=$value ;; Result) result=$value ;; ConditionResult) condition=$value ;;
    esac
  done <<LOOK_END
$(systemctl show -p "$1" -- "$u")
LOOK_END
}
find_unit() {
  seek_unit
  # Beside a unit of its own, an old init script counts for nothing; keeping its links too takes seconds (update-rc.d).
  case $fragment in '' | /run/systemd/generator*) ;; *) export SYSTEMCTL_SKIP_SYSV=1 ;; esac
}
seek_unit() {
  # It may not see by itself that a unit has got its first drop-in (systemd 252 does not).
  ${READ_AGAIN}
  look Id,LoadState,FragmentPath,NeedDaemonReload,After,Requires,ActiveState
  [ "$load" = not-found ] || [ "$outdated" = yes ] || return 0
  ${READ_NOW}
  look Id,LoadState,FragmentPath,After,Requires,ActiveState
  [ "$load" = not-found ] || return 0
  stem=\${u%.*}
  rest=\${stem#????}
  near=$(systemctl list-unit-files --plain --no-legend --no-pager "\${stem%"$rest"}*" | cut -d ' ' -f 1 | head -n 8 | tr '\\n' ' ')
  echo "there is no unit $u on this host: its package is not installed, or its name is another\${near:+; units that begin alike: $near}" >&2
  exit 1
}`;

function loadShell({ act, paths, settleSeconds, listens }: ServiceActions): string {
  return [
    MARK_SHELL,
    SETTLE_SHELL,
    RECORD_SHELL,
    LOAD_SHELL,
    `verb=${act ?? ''} patience=${Math.ceil(settleSeconds * 100)} ports=${quote(listens.join(' '))}`,
    `set --${paths.map((path) => ` ${quote(path)}`).join('')}`,
  ].join('\n');
}

/** How much longer than it must stay alive a process may take until it listens, in hundredths of a second. */
const UNTIL_IT_LISTENS = 3000;

/**
 * `settled VERB`: the unit is active, and stays so until `due` (in hundredths of a second since the boot), or a start or
 * restart until its own processes listen on `ports`. An automatic restart in between is a failure.
 */
const SETTLE_SHELL = `
uptime() {
  read -r now rest </proc/uptime
  now=\${now%.*}\${now#*.}
}
listening() {
  for port in $ports; do
    pids=$(ss -Hltnp "sport = :$port" | grep -o 'pid=[0-9]*')
    for pid in $pids; do
      case $(cat "/proc/\${pid#pid=}/cgroup" 2>/dev/null) in */"$id" | */"$id/"*) continue 2 ;; esac
    done
    return 1
  done
}
settled() {
  waited=0 asked=$ports
  if [ "$1" = reload ] || ! command -v ss >/dev/null; then asked=; fi
  while :; do
    look Id,ActiveState,SubState,InvocationID
    if [ "$invocation" != "$first" ]; then why='it ended, and systemd started it again'; return 1; fi
    if [ "$sub" = auto-restart ]; then why='it ended, and systemd is about to start it again'; return 1; fi
    uptime
    case $active in
      active)
        if [ -n "$asked" ]; then
          if listening; then return 0; fi
          if [ "$now" -ge $((due + ${UNTIL_IT_LISTENS})) ]; then why="it runs, but does not listen on TCP port $ports"; return 1; fi
        elif [ "$now" -ge "$due" ]; then return 0; fi ;;
      reloading | refreshing | activating) waited=$((waited + 1)); [ "$waited" -lt 450 ] || return 1 ;;
      *) return 1 ;;
    esac
    pause=$((due - now))
    if [ -n "$asked" ]; then pause=5; elif [ "$pause" -gt 20 ] || [ "$pause" -le 0 ]; then pause=20; fi
    if [ "$pause" -lt 10 ]; then pause=0$pause; fi
    sleep "0.$pause"
  done
}`;

/**
 * `begin PATH…` starts, restarts or reloads (`verb`) and notes when; `judge PATH…` tells later whether that was well. When
 * it was not, the files of the last load come back and it tries with those. A process that tells when it is ready is
 * judged as soon as it has; one that does not must stay up for `patience`, as it may fail right after its start.
 */
const LOAD_SHELL = `
reason() {
  if [ -n "$why" ]; then echo "$why"; return; fi
  look ActiveState,SubState,Result,ConditionResult
  if [ "$condition" = no ]; then echo 'a condition of its unit is not met'
  else echo "it is $active ($sub), result $result"; fi
}
attempt() {
  why=
  if [ "$active" = failed ]; then systemctl reset-failed -- "$u"; fi
  systemctl "$1" -- "$u" || again "$1" || return 1
  look InvocationID,Type
  first=$invocation
  uptime
  case $type in
    simple | exec | idle) due=$((now + patience)) ;;
    *) if [ "$1" = reload ]; then due=$((now + 40)); else due=$now; fi ;;
  esac
}
# It was started too often in the last seconds: that was not this try's fault.
again() {
  look Result
  [ "$result" = start-limit-hit ] || return 1
  systemctl reset-failed -- "$u"
  systemctl "$1" -- "$u"
}
begin() {
  others_first
  since=$(date '+%F %T')
  stage "$@"
  if attempt "$verb"; then echo "$first $due $since" >"$d/next/begun"; else refuse "$@"; fi
}
others_first() {
  for begun in ${LOADED_DIRECTORY}/*/next/begun; do
    [ -f "$begun" ] || continue
    other=\${begun#${LOADED_DIRECTORY}/}
    other=\${other%/next/begun}
    case " $after $requires " in *" $other "*) ;; *) continue ;; esac
    read -r first due since <"$begun"
    ( u=$other ports=; settled "$verb" ) || { echo "$u comes after $other, which did not stay up" >&2; exit 1; }
  done
}
judge() {
  # Another task of the same unit has judged it.
  [ -f "$d/next/begun" ] || exit 0
  read -r first due since <"$d/next/begun"
  why=
  if settled "$verb"; then remember "$verb" "$@"; else refuse "$@"; fi
}
refuse() {
  what="$u did not $verb as it should: $(reason)"
  {
    echo "The log of $u:"
    journalctl -u "$u" --since "$since" -n 20 --no-pager -o cat -q | sed 's/^/  /'
  } >&2
  rm -rf "$d/next"
  if put_back "$@"; then
    # systemd does not see that a file of the unit became older.
    ${READ_NOW}
    if [ "$verb" = reload ] && ! systemctl is-active -q -- "$u"; then verb=start; fi
    look ActiveState
    if attempt "$verb" && settled "$verb"; then
      sed -i "1s/.*/invocation $first/" "$d/record"
      what="$what; the files that it had loaded before are back, and it runs with them:$restored"
    else
      what="$what; the files that it had loaded before are back, but it does not $verb with them either:$restored"
    fi
  fi
  echo "$what" >&2
  exit 1
}`;
