import { LOADED_DIRECTORY } from '../../facts/loaded.js';
import { MARK_SHELL } from '../../facts/marks.js';
import { quote } from '../../util/shell.js';

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
}

/** sh code that does it, keeps a record of what the process has loaded, and takes new files back when it refuses them. */
export function serviceScript(o: ServiceActions): string {
  const loads = o.act === 'start' || o.act === 'restart' || o.act === 'reload';
  return [
    `u=${quote(o.unit)} d=${quote(`${LOADED_DIRECTORY}/${o.unit}`)}`,
    UNIT_SHELL,
    ...(o.unmask ? [`systemctl unmask -q -- "$u"`] : []),
    'find_unit',
    ...(o.enable === undefined ? [] : [`systemctl ${o.enable ? 'enable' : 'disable'} -q -- "$(prop Id)"`]),
    ...(o.act === 'stop' ? [`systemctl stop -- "$u"`] : []),
    ...(loads
      ? [
          MARK_SHELL,
          settleShell(o.settleSeconds),
          RECORD_SHELL,
          `set --${o.paths.map((path) => ` ${quote(path)}`).join('')}`,
          LOAD_SHELL,
          `load ${o.act} "$@"`,
        ]
      : []),
    ...(o.mask ? [`systemctl mask -q -- "$(prop Id)"`] : []),
  ].join('\n');
}

const UNIT_SHELL = `
prop() { systemctl show -p "$1" --value -- "$u"; }
find_unit() {
  if [ "$(prop NeedDaemonReload)" = yes ] || [ "$(prop LoadState)" = not-found ]; then systemctl daemon-reload; fi
  if [ "$(prop LoadState)" = not-found ]; then
    stem=\${u%.*}
    rest=\${stem#????}
    near=$(systemctl list-unit-files --plain --no-legend --no-pager "\${stem%"$rest"}*" | cut -d ' ' -f 1 | head -n 8 | tr '\\n' ' ')
    echo "there is no unit $u on this host: its package is not installed, or its name is another\${near:+; units that begin alike: $near}" >&2
    exit 1
  fi
}`;

/**
 * `settled`: the unit is active and stays so. One that tells when it is ready needs a short look; one that does not is
 * watched longer, as it may fail right after its start. An automatic restart in between is a failure.
 */
function settleShell(seconds: number): string {
  return `
settled() {
  case $(prop Type) in simple | exec | idle) looks=${Math.max(2, Math.ceil(seconds * 5))} ;; *) looks=2 ;; esac
  first=$(prop InvocationID) waited=0
  while [ "$looks" -gt 0 ]; do
    now=" $(systemctl show -p ActiveState,SubState,InvocationID -- "$u" | tr '\\n' ' ')"
    case $now in *" InvocationID=$first "*) ;; *) why='it ended, and systemd started it again'; return 1 ;; esac
    case $now in
      *" SubState=auto-restart"*) why='it ended, and systemd is about to start it again'; return 1 ;;
      *" ActiveState=active "*) looks=$((looks - 1)) ;;
      *" ActiveState=reloading "* | *" ActiveState=refreshing "* | *" ActiveState=activating "*)
        waited=$((waited + 1)); [ "$waited" -lt 450 ] || return 1 ;;
      *) return 1 ;;
    esac
    sleep 0.2
  done
}`;
}

/**
 * `stage PATH…` copies files aside with their marks, before they are loaded; `remember` makes that the record of what is
 * loaded. A start loads everything, so it renews the marks of paths that other tasks watch; a reload leaves those.
 * `put_back PATH…` restores what was loaded last, where it differs; it fails where there is nothing to restore.
 */
const RECORD_SHELL = `
others() {
  [ -f "$d/record" ] || return 0
  sed 1d "$d/record" | while read -r m p; do
    for own; do [ "$p" != "$own" ] || continue 2; done
    printf '%s %s\\n' "$m" "$p"
  done
}
stage() {
  ( umask 077; mkdir -p "$d"; rm -rf "$d/next"; mkdir -p "$d/next/files"; : >"$d/next/marks" )
  for p; do
    printf '%s %s\\n' "$(mark "$p")" "$p" >>"$d/next/marks"
    if { [ -e "$p" ] || [ -L "$p" ]; } && [ "$(du -sk -- "$p" | cut -f 1)" -le 4096 ]; then
      mkdir -p "$d/next/files\${p%/*}"
      case $p in
        */) cp -a -- "$p." "$d/next/files$p" ;;
        *) cp -a -- "$p" "$d/next/files$p" ;;
      esac
    fi
  done
}
remember() {
  verb=$1
  shift
  if [ "$verb" = reload ]; then others "$@" >>"$d/next/marks"
  else others "$@" | while read -r m p; do printf '%s %s\\n' "$(mark "$p")" "$p"; done >>"$d/next/marks"; fi
  { echo "invocation $(prop InvocationID)"; cat "$d/next/marks"; } >"$d/next/record"
  chmod 600 "$d/next/record"
  for p; do rm -rf "$d/files$p"; done
  ( umask 077; mkdir -p "$d/files" )
  cp -a "$d/next/files/." "$d/files"
  mv -T "$d/next/record" "$d/record"
  rm -rf "$d/next"
}
put_back() {
  restored=
  [ -f "$d/record" ] || return 1
  for p; do
    m=$(sed 1d "$d/record" | while read -r m q; do if [ "$q" = "$p" ]; then echo "$m"; fi; done)
    if [ -z "$m" ] || [ "$(mark "$p")" = "$m" ]; then continue; fi
    case $m in
      absent) rm -rf -- "$p" ;;
      folder:*) [ -d "$d/files$p" ] || continue; mkdir -p -- "$p"; find "$p" -mindepth 1 -delete; cp -a -- "$d/files$p." "$p" ;;
      *) { [ -e "$d/files$p" ] || [ -L "$d/files$p" ]; } || continue; cp -a -- "$d/files$p" "$p.provision-old"; mv -fT -- "$p.provision-old" "$p" ;;
    esac
    restored="$restored $p"
  done
  [ -n "$restored" ]
}`;

/** `load VERB PATH…` starts, restarts or reloads; when that fails, the files of the last load come back and it tries with those. */
const LOAD_SHELL = `
reason() {
  if [ -n "$why" ]; then echo "$why"
  elif [ "$(prop ConditionResult)" = no ]; then echo 'a condition of its unit is not met'
  else echo "it is $(prop ActiveState) ($(prop SubState)), result $(prop Result)"; fi
}
attempt() {
  why=
  systemctl reset-failed -- "$u" 2>/dev/null || :
  systemctl "$1" -- "$u" && settled
}
load() {
  verb=$1
  shift
  since=$(date '+%F %T')
  stage "$@"
  if attempt "$verb"; then remember "$verb" "$@"; return 0; fi
  what="$u did not $verb as it should: $(reason)"
  {
    echo "The log of $u:"
    journalctl -u "$u" --since "$since" -n 20 --no-pager -o cat -q | sed 's/^/  /'
  } >&2
  rm -rf "$d/next"
  if put_back "$@"; then
    # systemd does not see that a file of the unit became older.
    systemctl daemon-reload
    if [ "$verb" = reload ] && ! systemctl is-active -q -- "$u"; then verb=start; fi
    if attempt "$verb"; then
      sed -i "1s/.*/invocation $(prop InvocationID)/" "$d/record"
      what="$what; the files that it had loaded before are back, and it runs with them:$restored"
    else
      what="$what; the files that it had loaded before are back, but it does not $verb with them either:$restored"
    fi
  fi
  echo "$what" >&2
  exit 1
}`;
