import { defineBatchFact, type CommandResult, type Read } from '../model/fact.js';
import type { Topic } from '../model/topic.js';
import { quote } from '../util/shell.js';

/** What dpkg and apt say of a package. */
export interface PackageState {
  /**
   * `broken` is an installation that was interrupted (unpacked, half-configured …); `config-files` is a package that was
   * removed but not purged; `unsupported` is a host without dpkg.
   */
  readonly status: 'absent' | 'installed' | 'config-files' | 'broken' | 'unsupported';
  /** Of an installed or broken one. */
  readonly version?: string | undefined;
  /** `apt-mark hold` was set: apt neither upgrades nor removes it. */
  readonly held: boolean;
  /** The version that apt would install by the lists on the host. Only of a package that is not installed, or when it was asked for. */
  readonly candidate?: string | undefined;
  /** Whether apt's lists know the name, were it only as one that others provide. Told when the candidate is. */
  readonly known: boolean;
  /** Names in the lists that begin alike, where the name itself is unknown. */
  readonly near: readonly string[];
}

export interface PackageParams {
  readonly name: string;
  /**
   * Ask for the candidate of an installed package too, and count what any change to packages or lists may do to it.
   * Without it the value depends on changes that name the package (topic `installed:NAME`) only: what others bring along
   * does no harm to a package that must be there.
   */
  readonly exact?: boolean | undefined;
}

/** The shape of a package's name, with its architecture where that is given: `libc6:i386`. */
export const PACKAGE_NAME = /^[a-z0-9][a-z0-9+.-]+(:[a-z0-9-]+)?$/;

/** Whether a package is installed, in which version, and what apt would install. */
export const packageState: (params: PackageParams, options?: { host?: string }) => Read<PackageState> = defineBatchFact<
  PackageParams,
  PackageState
>({
  name: 'package',
  key: ({ name, exact }) => (exact === true ? `${name} exactly` : name),
  topics: ({ name, exact }): readonly Topic[] =>
    exact === true ? [`package:${name}`, 'apt:lists'] : [`installed:${name.replace(/:.*/, '')}`],
  command: packagesScript,
  parse: (result, params) => parsePackages(result, params),
});

/** dpkg for all at once; apt, which takes a second to read its lists, for those that are not installed or that `exact` names. */
function packagesScript(params: readonly PackageParams[]): string {
  const exact = params.filter((one) => one.exact === true).map(({ name }) => quote(name));
  return [
    'export LC_ALL=C',
    `command -v dpkg-query >/dev/null || { echo unsupported; exit 0; }`,
    `set -- ${[...new Set(params.map(({ name }) => quote(name)))].join(' ')}`,
    `S=$(dpkg-query -W -f '\${Package}|\${Architecture}|\${db:Status-Want}|\${db:Status-Status}|\${Version}\\n' -- "$@" 2>/dev/null)`,
    `printf '%s\\n=\\n' "$S"`,
    `I=' '`,
    `while IFS='|' read -r p a w s v; do if [ "$s" = installed ]; then I="$I$p $p:$a "; fi; done <<E`,
    '$S',
    'E',
    `C='${exact.join(' ')}'`,
    `for n; do case $I in *" $n "*) ;; *) C="$C $n";; esac; done`,
    `[ -n "$C" ] || exit 0`,
    APT_CACHE_SHELL,
    `P=$(cache policy $C)`,
    `printf '%s\\n=\\n' "$P"`,
    `for n in $C; do case "`,
    `$P" in *"`,
    `\${n%%:*}:"*) ;; *) r=\${n#???}; l=\${#n}`,
    `cache pkgnames "\${n%"$r"}" | grep -xE ".{$((l>3?l-2:2)),$((l+2))}" | sed "s/^/$n /" | head -n 300`,
    ';; esac; done; true',
  ].join('\n');
}

/**
 * sh function `cache`: apt-cache without a trace on the host. As an account that cannot write, it uses the cache that apt
 * keeps of its lists where that is good; where that account may not read all, root reads the lists anew (a second's
 * work), without a cache, as it would write one. Where reads may leave notes, it does: apt, which is about to install, begins with the same work.
 */
const APT_CACHE_SHELL = `
cache() {
  if [ -n "$NOTES" ]; then apt-cache "$@" 2>/dev/null; return; fi
  if A=$(setpriv --reuid=_apt --regid=nogroup --clear-groups apt-cache "$@" 2>&1); then
    case "
$A" in *"
"[EW]": "*) ;; *) printf '%s\\n' "$A"; return ;; esac
  fi
  apt-cache -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= "$@" 2>/dev/null
}`;

const INSTALLED: readonly string[] = ['installed', 'triggers-awaited', 'triggers-pending'];

function parsePackages({ stdout }: CommandResult, params: readonly PackageParams[]): readonly PackageState[] {
  if (stdout.startsWith('unsupported')) return params.map(() => ({ status: 'unsupported', held: false, known: false, near: [] }));
  const [dpkg = '', policy = '', near = ''] = `\n${stdout}`.split(/(?<=\n)=\n/);
  const rows = dpkg
    .trim()
    .split('\n')
    .map((line) => line.split('|'));
  const candidates = parsePolicy(policy);
  return params.map(({ name }) => {
    const own = rows.filter(([pkg, arch]) => pkg === name || `${pkg ?? ''}:${arch ?? ''}` === name);
    const row = own.find(([, , , status]) => INSTALLED.includes(status ?? '')) ?? own[0] ?? [];
    const [, , want, word = 'not-installed', version] = row;
    const status = statusOf(word);
    const native = name.replace(/:.*/, '');
    return {
      status,
      version: status === 'installed' || status === 'broken' ? version : undefined,
      held: want === 'hold',
      candidate: candidates.get(name) ?? candidates.get(native),
      known: candidates.has(name) || candidates.has(native) || status === 'installed',
      near: near.split('\n').flatMap((line) => (line.startsWith(`${name} `) ? [line.slice(name.length + 1)] : [])),
    };
  });
}

function statusOf(word: string): PackageState['status'] {
  if (word === 'not-installed' || word === 'unknown') return 'absent';
  if (word === 'config-files') return 'config-files';
  return INSTALLED.includes(word) ? 'installed' : 'broken';
}

/** The blocks of `apt-cache policy`: a name at the line's start, its candidate or `(none)` below. */
function parsePolicy(policy: string): ReadonlyMap<string, string | undefined> {
  const candidates = new Map<string, string | undefined>();
  let name = '';
  for (const line of policy.split('\n')) {
    if (/^\S.*:$/.test(line)) candidates.set((name = line.slice(0, -1)), undefined);
    const candidate = /^ {2}Candidate: (\S+)$/.exec(line)?.[1];
    if (candidate !== undefined && candidate !== '(none)') candidates.set(name, candidate);
  }
  return candidates;
}
