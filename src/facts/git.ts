import { defineBatchFact, type Read } from '../model/fact.js';
import { quote } from '../util/shell.js';

/** A working copy and what its repository has, as far as could be asked. */
export interface GitState {
  /** Whether the host has git. Where it has not, nothing but `type` is known. */
  readonly git: boolean;
  /** `empty`: a folder with nothing in it; `other`: anything else that is no working copy. */
  readonly type: 'absent' | 'empty' | 'repo' | 'other';
  /** The commit that is checked out. */
  readonly head?: string | undefined;
  /** The URL of the remote `origin`. */
  readonly url?: string | undefined;
  /** Tracked files that differ from that commit, as `git status --porcelain` lists them; ten at most. */
  readonly dirty: readonly string[];
  /** The refs of the repository that the version can mean, by their full names. Peeled tags end in `^{}`. */
  readonly refs: Readonly<Record<string, string>>;
  /** What git said when it could not tell the above. */
  readonly fault?: string | undefined;
  /** What git said when it could not ask the repository. */
  readonly remoteFault?: string | undefined;
}

export interface GitParams {
  /** The working copy. */
  readonly path: string;
  readonly repo: string;
  /** A branch, a tag, `HEAD`, or a whole commit id, which the repository need not be asked for. */
  readonly version: string;
  /** Who asks. Default: the account of the task. */
  readonly user?: string | undefined;
}

export const COMMIT = /^[0-9a-f]{40}$/;

/** A working copy's commit, and where its repository's branch or tag is now. */
export const gitState: (params: GitParams, options?: { host?: string }) => Read<GitState> = defineBatchFact<GitParams, GitState>({
  name: 'git',
  topics: ({ path, user }) => [`path:${path}/**`, 'installed:git', ...(user === undefined ? [] : [`user:${user}` as const])],
  command: (params) => [FUNCTION, ...params.map(call), 'true'].join('\n'),
  parse: ({ stdout }, params) => {
    const parts = stdout.split(/^==\n/m);
    return params.map((_, index) => parseState(parts[index] ?? ''));
  },
});

/**
 * sh that lets git fail rather than ask a person, and sets `$as` to the words that run a program as `$user`. Where there
 * is no such user, it ends with a message after `$fail`.
 */
export const GIT_SETTINGS = `export GIT_TERMINAL_PROMPT=0 GIT_SSH_COMMAND='ssh -o BatchMode=yes -o ConnectTimeout=15' LC_ALL=C as=
if [ -n "$user" ]; then
  h=$(getent passwd -- "$user") || { echo "\${fail}there is no user $user" >&2; exit 1; }
  h=\${h%:*}; export HOME="\${h##*:}"; as="runuser -u $user --"
fi`;

const FUNCTION = `g() { (
path=$1 repo=$2 user=$3; shift 3
if [ -e "$path/.git" ]; then echo type repo
elif [ ! -e "$path" ] && [ ! -L "$path" ]; then echo type absent
elif [ -d "$path" ] && [ -z "$(ls -A -- "$path")" ]; then echo type empty
else echo type other; fi
command -v git >/dev/null || { echo git no; exit; }
cd /
exec 2>&1
fail='fault '
${GIT_SETTINGS}
if [ -e "$path/.git" ]; then
  if e=$($as git -C "$path" rev-parse --git-dir 2>&1 >/dev/null); then
    h=$($as git -C "$path" rev-parse --verify -q HEAD 2>/dev/null) && echo "head $h"
    u=$($as git -C "$path" config --get remote.origin.url) && echo "url $u"
    $as git --no-optional-locks -C "$path" status --porcelain --untracked-files=no | head -n 10 | sed 's/^/dirty /'
  else printf '%s\\n' "$e" | head -n 1 | sed 's/^/fault /'; fi
fi
[ $# = 0 ] && exit
if r=$(timeout 60 $as git ls-remote -- "$repo" "$@" 2>&1); then printf '%s\\n' "$r" | sed -n 's/^\\([0-9a-f]\\{40\\}\\)[[:space:]]*/ref \\1 /p'
else printf '%s\\n' "$r" | grep -v '^$' | head -n 3 | tr '\\n' ' ' | sed 's/^/remote /'; echo; fi
); echo ==; }`;

function call({ path, repo, version, user }: GitParams): string {
  const refs = COMMIT.test(version) ? [] : refsOf(version);
  return ['g', ...[path, repo, user ?? '', ...refs].map(quote)].join(' ');
}

/** What a version can mean, the likelier first: git itself takes a branch before a tag of the same name. */
export function refsOf(version: string): readonly string[] {
  if (version === 'HEAD') return ['HEAD'];
  return [`refs/heads/${version}`, `refs/tags/${version}^{}`, `refs/tags/${version}`];
}

function parseState(text: string): GitState {
  const lines = text.split('\n').map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] as const);
  const first = (key: string) => lines.find(([name]) => name === key)?.[1];
  const type = first('type');
  return {
    git: first('git') !== 'no',
    type: type === 'absent' || type === 'empty' || type === 'repo' ? type : 'other',
    head: first('head'),
    url: first('url'),
    dirty: lines.flatMap(([name, value]) => (name === 'dirty' ? [value] : [])),
    refs: Object.fromEntries(
      lines.flatMap(([name, value]) => (name === 'ref' ? [[value.slice(41), value.slice(0, 40)] as const] : [])),
    ),
    fault: first('fault'),
    remoteFault: first('remote')?.trim(),
  };
}
