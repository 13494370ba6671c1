import { groupEntry, NO_ENTRY, userEntry, type GroupEntry, type NoEntry, type UserEntry } from '../../facts/accounts.js';
import type { FileState } from '../../facts/file.js';
import { authorizedKeys, NO_KEY_PATH } from '../../facts/authorizedKeys.js';
import { sh, type Change } from '../../model/change.js';
import { PlanError } from '../../model/errors.js';
import { predictFrom, type Prediction } from '../../model/fact.js';
import { joinText, type Text } from '../../util/secret.js';
import { shellLine } from '../../util/shell.js';
import { folderThere } from './folders.js';
import { planPassword } from './userPassword.js';

/** An account that is wanted; what is left out is left as it is. */
export interface WantedUser {
  readonly name: string;
  readonly uid?: number | undefined;
  readonly group?: string | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly appendGroups: boolean;
  readonly home?: string | undefined;
  readonly createHome?: boolean | undefined;
  readonly shell?: string | undefined;
  readonly system: boolean;
  readonly comment?: string | undefined;
  readonly password?: Text | undefined;
  readonly locked?: boolean | undefined;
  readonly state: 'present' | 'absent';
  readonly removeHome: boolean;
}

/** What a plan of an account stands on. */
export interface UserFacts {
  readonly now: UserEntry | NoEntry;
  /** The group of the account's own name. */
  readonly own: GroupEntry | NoEntry;
  /** The wanted primary group, where one is named. */
  readonly primary: readonly (GroupEntry | NoEntry)[];
  /** The wanted other groups, in their order. */
  readonly others: readonly (GroupEntry | NoEntry)[];
  /** What stands where `homeOf` says. */
  readonly place: FileState;
}

/** The wanted home, or where a new account has its home. */
export function homeOf({ name, home }: Pick<WantedUser, 'name' | 'home'>): string {
  return home ?? `/home/${name}`;
}

/** What must change for an account to be as wanted, or absent. */
export function planUser(wanted: WantedUser, facts: UserFacts): readonly Change[] {
  const { now } = facts;
  if (wanted.state === 'absent') return now.exists ? [removal(wanted, now)] : [];
  const missing = [wanted.group, ...(wanted.groups ?? [])]
    .filter((name) => name !== undefined)
    .find((name) => lacks(name, wanted, facts));
  if (missing !== undefined) {
    throw new PlanError(`there is no group ${missing} on this host`, {
      hint: `make it before with group({ name: '${missing}' })`,
    });
  }
  return now.exists ? modification(wanted, now, facts) : [creation(wanted, facts)];
}

function lacks(name: string, wanted: WantedUser, { primary, others }: UserFacts): boolean {
  const entry = name === wanted.group ? primary[0] : others[wanted.groups?.indexOf(name) ?? -1];
  return entry?.exists === false;
}

function creation(wanted: WantedUser, { own, place }: UserFacts): Change {
  const { name, uid, comment, system } = wanted;
  const home = homeOf(wanted);
  const shell = wanted.shell ?? (system ? '/usr/sbin/nologin' : '/bin/bash');
  const createHome = wanted.createHome ?? !system;
  const ownGroup = wanted.group === undefined && !own.exists;
  const group = wanted.group ?? name;
  const groups = [...new Set(wanted.groups)].filter((one) => one !== group).sort();
  const words = [
    ...(system ? ['--system'] : []),
    ...(uid === undefined ? [] : ['--uid', String(uid)]),
    ...(comment === undefined ? [] : ['--comment', comment]),
    ...['--home-dir', home, createHome ? '--create-home' : '--no-create-home', '--shell', shell],
    ...(ownGroup ? ['--user-group'] : ['--gid', group]),
    ...(groups.length === 0 ? [] : ['--groups', groups.join(',')]),
  ];
  const password = planPassword(wanted, undefined);
  const after: UserEntry = {
    exists: true,
    uid,
    group,
    groups,
    home,
    homeExists: createHome || place.type === 'directory',
    shell,
    comment: comment ?? '',
    locked: password.locked,
    passwordDigest: password.digest,
  };
  const steps = [shellLine('useradd', ...words, name), ...password.lines];
  return {
    summary: `create${uid === undefined ? '' : `, uid ${uid}`}, group ${group}${groups.length === 0 ? '' : `, in ${groups.join(', ')}`}, home ${home}`,
    steps: [sh(joinText(steps, '\n'))],
    touches: [
      `user:${name}`,
      ...(ownGroup ? [`group:${name}` as const] : []),
      ...(createHome ? [`path:${home}/**` as const] : []),
    ],
    creates: [`user:${name}`, ...(ownGroup ? [`group:${name}` as const] : [])],
    predicts: [
      userEntry(name).predict(after),
      ...(ownGroup ? [groupEntry(name).predict({ exists: true, gid: undefined })] : []),
      // One that is there already may hold keys.
      ...(place.type === 'absent' ? [noKeys(name, after)] : []),
      ...(createHome ? folderThere(home) : []),
    ],
  };
}

/** A new home holds no keys, so that they can be planned before the account is there. */
function noKeys(name: string, { home, homeExists, group }: UserEntry): Prediction {
  return authorizedKeys(name).predict({
    exists: true,
    home,
    homeExists,
    group,
    folder: NO_KEY_PATH,
    file: NO_KEY_PATH,
    text: '',
  });
}

/** Keys stay where the home does. */
function sameKeys(name: string, { group }: UserEntry): Prediction {
  return predictFrom(authorizedKeys(name), (now) => ({ value: now.exists ? { ...now, group } : now }));
}

function modification(wanted: WantedUser, now: UserEntry, { place }: UserFacts): readonly Change[] {
  const { name } = wanted;
  const set = { uid: wanted.uid, group: wanted.group, home: wanted.home, shell: wanted.shell, comment: wanted.comment };
  const flags = { uid: '--uid', group: '--gid', home: '--home', shell: '--shell', comment: '--comment' } as const;
  const changed = (Object.keys(set) as (keyof typeof set)[]).filter((key) => set[key] !== undefined && set[key] !== now[key]);
  const words = changed.flatMap((key) => [flags[key], String(set[key])]);
  const summary = changed.map((key) => `${key} ${String(now[key] ?? '') || 'none'} → ${String(set[key])}`);
  const groups = wantedGroups(wanted, now);
  if (wanted.groups !== undefined && groups.join() !== now.groups.join()) {
    words.push('--groups', groups.join(','));
    summary.push(`groups ${now.groups.join(', ') || 'none'} → ${groups.join(', ') || 'none'}`);
  }
  const moved = changed.includes('home');
  const homeThere = moved ? place.type === 'directory' : now.homeExists;
  const makeHome = wanted.createHome === true && !homeThere;
  const password = planPassword(wanted, now);
  const lines: readonly Text[] = [
    ...(words.length === 0 ? [] : [shellLine('usermod', ...words, name)]),
    ...(makeHome ? [shellLine('mkhomedir_helper', name)] : []),
    ...password.lines,
  ];
  if (lines.length === 0) return [];
  const after: UserEntry = {
    ...now,
    ...Object.fromEntries(changed.map((key) => [key, set[key]])),
    groups,
    homeExists: homeThere || makeHome,
    locked: password.locked,
    passwordDigest: password.digest,
  };
  return [
    {
      summary: [...summary, ...(makeHome ? [`make home ${after.home}`] : []), ...password.words].join(', '),
      steps: [sh(joinText(lines, '\n'))],
      touches: [`user:${name}`, ...(makeHome ? [`path:${after.home}/**` as const] : [])],
      predicts: [
        userEntry(name).predict(after),
        ...(makeHome && (!moved || place.type === 'absent') ? [noKeys(name, after)] : []),
        ...(makeHome || moved ? [] : [sameKeys(name, after)]),
        ...(makeHome ? folderThere(after.home) : []),
      ],
    },
  ];
}

/** The other groups that it is in afterwards: the primary one is not among them. */
function wantedGroups({ groups, appendGroups, group }: WantedUser, now: UserEntry): readonly string[] {
  const all = new Set([...(appendGroups || groups === undefined ? now.groups : []), ...(groups ?? [])]);
  return [...all].filter((one) => one !== (group ?? now.group)).sort();
}

function removal({ name, removeHome }: WantedUser, now: UserEntry): Change {
  return {
    summary: removeHome ? `remove, with its home ${now.home}` : 'remove',
    steps: [sh(shellLine('userdel', ...(removeHome ? ['--remove'] : []), name))],
    // It takes the group of the same name along where nobody else is in it.
    touches: [`user:${name}`, `group:${name}`, ...(removeHome ? [`path:${now.home}/**` as const] : [])],
    predicts: [userEntry(name).predict(NO_ENTRY), authorizedKeys(name).predict(NO_ENTRY)],
  };
}
