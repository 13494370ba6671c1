import { z } from 'zod';
import { COMMIT, gitState, refsOf, type GitState } from '../facts/git.js';
import { sh } from '../model/change.js';
import { PlanError } from '../model/errors.js';
import { absolutePath, accountName } from '../model/options.js';
import { defineTask } from '../model/task.js';
import { folderThere } from './shared/folders.js';
import { gitScript } from './shared/gitScript.js';

const options = z.strictObject({
  /** Where the repository is, from the host: a URL, `user@host:path`, or a path there. */
  repo: z.string().regex(/^[^\s-]\S*$/, 'expected the URL of a repository'),
  /** The working copy on the host; the folder and those above it are made. */
  path: absolutePath.refine((path) => path !== '/', 'expected a folder of its own, not /'),
  /** A branch, a tag, a whole commit id, or `HEAD` for the repository's own branch. A branch is followed: each run asks where it is. */
  version: z
    .string()
    .regex(/^(?![-/])(?!.*(\.\.|@\{|\/\/|\.lock$|[/.]$))[^\s~^:?*[\\]+$/, 'expected a branch, a tag, a commit or HEAD'),
  /** Fetch only this many commits of the history. Default: all. */
  depth: z.int().positive().optional(),
  /** Who owns the working copy and runs git, with its own ssh keys. Default: the task's account, usually root. */
  user: accountName.optional(),
  /** Throw local changes to tracked files away. Default false: they are an error. */
  force: z.boolean().default(false),
  /** Longest time that fetching may take, in seconds. Default 600. */
  timeoutSeconds: z.number().positive().default(600),
});

type Options = z.output<typeof options>;

/**
 * A working copy of a git repository at a branch, tag or commit. The commit is checked out by its id (a detached HEAD);
 * submodules are not fetched.
 * @example git({ repo: 'https://git.example.org/app.git', path: '/srv/app/releases/1.4', version: 'v1.4', user: 'app' })
 */
export const git = defineTask({
  kind: 'git',
  options,
  subject: (o) => o.path,
  reads: (o) => ({ now: gitState(question(o)) }),
  plan: (o, { now }) => {
    if (now.type === 'other') {
      throw new PlanError(`${o.path} is neither a git working copy nor an empty folder`, {
        hint: 'remove it, or name another path',
      });
    }
    const touches = [`path:${o.path}/**`] as const;
    const creates = now.type === 'absent' ? ([`path:${o.path}`] as const) : [];
    const script = (commit: string | undefined, ref: string | undefined) =>
      gitScript({ ...o, commit, ref, force: o.force && now.dirty.length > 0 });
    const { timeoutSeconds } = o;
    if (!now.git) {
      // Which commit it will be can only be asked once git is there.
      const summary = `clone ${shown(o.repo)} at ${o.version}`;
      return [
        {
          summary,
          steps: [sh(script(undefined, undefined), { timeoutSeconds })],
          touches,
          predicts: folderThere(o.path),
          creates,
        },
      ];
    }
    if (now.fault !== undefined) throw new PlanError(`git cannot look at ${o.path}: ${now.fault}`, { hint: OWNER_HINT });
    if (now.dirty.length > 0 && !o.force) throw locallyChanged(o, now);
    const { ref, commit } = resolve(o, now);
    const url = now.url === undefined || now.url === o.repo ? [] : [`url ${shown(now.url)} → ${shown(o.repo)}`];
    const discard = now.dirty.length === 0 ? [] : [`discard changes to ${now.dirty.map((line) => line.slice(3)).join(', ')}`];
    const at = `${o.version}${o.version === commit ? '' : ` (${short(commit)})`}`;
    const move =
      now.head === commit ? [] : [now.head === undefined ? `clone ${shown(o.repo)} at ${at}` : `${short(now.head)} → ${at}`];
    const words = [...url, ...discard, ...move];
    if (words.length === 0) return [];
    const after: GitState = { ...now, type: 'repo', head: commit, url: o.repo, dirty: [] };
    return [
      {
        summary: words.join(', '),
        steps: [sh(script(commit, ref), { timeoutSeconds })],
        touches,
        creates,
        predicts: [gitState(question(o)).predict(after), ...folderThere(o.path)],
      },
    ];
  },
});

const OWNER_HINT = 'a working copy of another account is trusted only by that account: give it as user';

function question({ path, repo, version, user }: Options) {
  return { path, repo, version, user };
}

/** The commit that the version means, and the ref to fetch it by. */
function resolve({ version, repo }: Options, now: GitState): { readonly commit: string; readonly ref: string | undefined } {
  if (COMMIT.test(version)) return { commit: version, ref: undefined };
  if (now.remoteFault !== undefined) {
    throw new PlanError(`the host cannot ask ${shown(repo)}: ${now.remoteFault}`, {
      hint: 'try `git ls-remote` with that URL there: address, network, or the key of the account that asks',
    });
  }
  for (const name of refsOf(version)) {
    const commit = now.refs[name];
    if (commit !== undefined) return { commit, ref: name.replace('^{}', '') };
  }
  throw new PlanError(`${shown(repo)} has no branch or tag ${version}`, {
    hint: 'an abbreviated commit cannot be asked for: give all 40 digits',
  });
}

function locallyChanged({ path }: Options, { dirty }: GitState): PlanError {
  return new PlanError(`${path} has local changes: ${dirty.map((line) => line.slice(3)).join(', ')}`, {
    hint: 'commit them elsewhere, or throw them away with force: true',
  });
}

function short(commit: string): string {
  return commit.slice(0, 8);
}

/** Without a password that the URL may carry. */
function shown(repo: string): string {
  return repo.replace(/^([a-z+]+:\/\/)[^@/]*:[^@/]*@/, '$1•••@');
}
