import { GIT_SETTINGS } from '../../facts/git.js';
import { quote, shellLine } from '../../util/shell.js';

export interface Checkout {
  readonly path: string;
  readonly repo: string;
  readonly version: string;
  /** The commit to check out; undefined where it is not known beforehand: what is fetched then. */
  readonly commit: string | undefined;
  /** The ref to fetch it by: undefined for a commit that was given by its id, or where nothing is known. */
  readonly ref: string | undefined;
  readonly depth?: number | undefined;
  readonly user?: string | undefined;
  /** Whether local changes are thrown away. */
  readonly force: boolean;
}

/** sh that brings a working copy to a commit. An interrupted one is completed by the next. */
export function gitScript(checkout: Checkout): string {
  const { path, repo, commit, user, force } = checkout;
  return [
    `command -v git >/dev/null || { echo "git is not installed on this host: add package({ name: 'git' }) before" >&2; exit 1; }`,
    `path=${quote(path)} user=${quote(user ?? '')} fail=`,
    'cd /',
    GIT_SETTINGS,
    `if [ ! -e "$path/.git" ]; then mkdir -p -- "$path"; ${user === undefined ? '' : `chown ${quote(user)}: -- "$path"; `}fi`,
    `in_copy() { $as git -C "$path" -c advice.detachedHead=false -c init.defaultBranch=main "$@"; }`,
    'in_copy init --quiet',
    // An interrupted clone may have its remote already.
    `in_copy remote set-url origin ${quote(repo)} 2>/dev/null || in_copy remote add origin ${quote(repo)}`,
    ...fetchLines(checkout),
    `in_copy checkout --quiet --detach ${force ? '--force ' : ''}${commit === undefined ? 'FETCH_HEAD' : commit}`,
  ].join('\n');
}

function fetchLines({ version, commit, ref, depth }: Checkout): readonly string[] {
  const words = ['fetch', '--quiet', '--force', ...(depth === undefined ? [] : ['--depth', String(depth)]), 'origin'];
  if (ref !== undefined) return [shellLine('in_copy', ...words, ref === 'HEAD' ? 'HEAD' : `+${ref}:${localRef(ref)}`)];
  // A name that could not be looked up: git finds the branch or tag.
  if (commit === undefined) return [shellLine('in_copy', ...words, version)];
  const all = shellLine('in_copy', ...words, '--tags', '+refs/heads/*:refs/remotes/origin/*');
  // Many servers give out a single commit by its id, which is all that a shallow copy may fetch.
  const one = shellLine('in_copy', ...words, commit);
  return [`in_copy cat-file -e ${commit}^{commit} 2>/dev/null || ${depth === undefined ? all : `${one} || ${all}`}`];
}

function localRef(ref: string): string {
  return ref.replace(/^refs\/heads\//, 'refs/remotes/origin/');
}
