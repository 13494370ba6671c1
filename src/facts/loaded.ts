import { defineBatchFact, type CommandResult, type Read } from '../model/fact.js';
import { quote } from '../util/shell.js';
import { MARK_SHELL, type Mark } from './marks.js';

/** Where the marks of what services have loaded are kept, a folder a unit: gone after a reboot, as the processes are. */
export const LOADED_DIRECTORY = '/run/provision/loaded';

export interface LoadedParams {
  /** A unit's whole name. */
  readonly unit: string;
  readonly paths: readonly string[];
}

/** The marks of files as a running unit has loaded them, by path. A path whose loading nobody knows of is not in it. */
export type LoadedFiles = Readonly<Record<string, Mark>>;

/**
 * What the running process of a unit has loaded. The record of its last start or reload tells; for a process that
 * something else started, files that have not changed since then count as loaded. Its topic is `loaded:UNIT`: only what
 * (re)starts or reloads the unit touches it.
 */
export const loadedFiles: (params: LoadedParams, options?: { host?: string }) => Read<LoadedFiles> = defineBatchFact<
  LoadedParams,
  LoadedFiles
>({
  name: 'loaded',
  live: true,
  topics: ({ unit }) => [`loaded:${unit}`],
  command: (params) =>
    [
      `[ -d /run/systemd/system ] || exit 0`,
      MARK_SHELL,
      SCRIPT,
      `ask ${params.map(({ unit }) => quote(unit)).join(' ')}`,
      ...params.map(({ unit, paths }) => `unit ${[unit, ...paths].map(quote).join(' ')}`),
      'true',
    ].join('\n'),
  parse: parseLoaded,
});

/** The mark of a folder and all that is in it; its path ends with `/`. */
export const folderMark: (path: string, options?: { host?: string }) => Read<Mark> = defineBatchFact<string, Mark>({
  name: 'folderMark',
  key: (path) => path,
  topics: (path) => [`path:${path.replace(/\/+$/, '')}/**`],
  command: (paths) => [MARK_SHELL, ...paths.map((path) => `mark ${quote(path)}`), 'true'].join('\n'),
  parse: ({ stdout }, paths) => {
    const lines = stdout.split('\n');
    return paths.map((_, index) => lines[index] ?? 'absent');
  },
});

/**
 * A unit's lines: `unit INVOCATION|SECONDS of its start`, `loaded MARK PATH` from the record of this invocation, and
 * `now SECONDS of its last change MARK PATH` for what is in no such record. systemd is asked once for all of them, and
 * a unit that does not run has loaded nothing: its files need no look.
 */
const SCRIPT = `
nl='
'
show() { LC_ALL=C systemctl show -p Id,InvocationID,InactiveExitTimestamp -- "$@"; }
ask() {
  # A name that it refuses has no block: then each is asked by itself.
  A=$(show "$@" 2>/dev/null) || A=
  A=$A$nl$nl
}
value() {
  case $nl$P in *"$nl$1="*) V=\${P#*"$1="}; V=\${V%%"$nl"*} ;; *) V= ;; esac
}
unit() {
  P=\${A%%"$nl$nl"*} A=\${A#*"$nl$nl"}
  if [ -z "$P" ]; then P=$(show "$1" 2>/dev/null); fi
  value InvocationID; I=$V
  if [ -z "$I" ]; then echo 'unit |0'; return; fi
  value InactiveExitTimestamp; T=$V
  d=${LOADED_DIRECTORY}/$1
  V=; R=
  if [ -f "$d/record" ]; then R=$(cat "$d/record"); V=\${R%%"$nl"*}; fi
  if [ "$V" != "invocation $I" ]; then R=; fi
  shift
  S=0
  for p; do case "$R$nl" in *" $p$nl"*) ;; *) S=$(date -d "\${T:-@0}" +%s); break ;; esac; done
  echo "unit $I|$S"
  if [ -n "$R" ]; then printf '%s\\n' "$R" | sed '1d; s/^/loaded /'; fi
  for p; do
    case "$R$nl" in *" $p$nl"*) continue ;; esac
    case $p in
      */) C=$(find "$p" -printf '%C@\\n' 2>/dev/null | sort -n | tail -n 1); C=\${C%%.*} ;;
      *) C=$(stat -c %Z -- "$p" 2>/dev/null) ;;
    esac
    echo "now \${C:-0} $(mark "$p") $p"
  done
}`;

function parseLoaded({ stdout }: CommandResult, params: readonly LoadedParams[]): readonly LoadedFiles[] {
  const sections = stdout.split(/^unit /m).slice(1);
  return params.map(({ paths }, index) => {
    const [head = '', ...lines] = (sections[index] ?? '').split('\n');
    const [invocation = '', start = '0'] = head.split('|');
    const marks = new Map<string, Mark>();
    for (const line of lines) {
      const loaded = /^loaded (\S+) (.*)$/.exec(line);
      if (loaded) marks.set(loaded[2] ?? '', loaded[1] ?? '');
      const now = /^now (\d+) (\S+) (.*)$/.exec(line);
      // Times are whole seconds: what changed in the second of the start may have come after it.
      if (now && invocation !== '' && Number(now[1]) < Number(start)) marks.set(now[3] ?? '', now[2] ?? '');
    }
    return Object.fromEntries(
      paths.flatMap((path) => {
        const mark = marks.get(path);
        return mark === undefined ? [] : [[path, mark]];
      }),
    );
  });
}
