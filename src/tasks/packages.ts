import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { aptLists, type AptLists } from '../facts/aptLists.js';
import { PACKAGE_NAME, packageState, type PackageState } from '../facts/packages.js';
import { sh, type Change } from '../model/change.js';
import { PlanError } from '../model/errors.js';
import { flatten, type TaskList } from '../model/playbook.js';
import { defineTask } from '../model/task.js';
import type { Topic } from '../model/topic.js';
import { didYouMean } from '../util/names.js';
import { LOCK_TIMEOUT } from './shared/aptShell.js';
import { installScript, installWords, removeScript } from './shared/packageScripts.js';
import { aptTopics, namedTopics } from './shared/packageTopics.js';
import { packageContents } from './shared/packages/contents.js';
import { installationEffects } from './shared/packages/effects.js';

const packageName = z.string().regex(PACKAGE_NAME, "expected a Debian package's name");

const options = z
  .strictObject({
    /** One package. */
    name: packageName.optional(),
    /** Several, installed or removed in one transaction. */
    names: z.array(packageName).min(1).optional(),
    /** `latest` also upgrades, `absent` removes. Default `present`. */
    state: z.enum(['present', 'absent', 'latest']).default('present'),
    /** The version that must be installed, of one package: exact, or with `*` at its end. An installed one is upgraded or downgraded. */
    version: z
      .string()
      .regex(/^[A-Za-z0-9.+:~-]+\*?$/, 'expected a Debian version, such as 1.22.1-9 or 1.22.*')
      .optional(),
    /** Install what the packages recommend too. Default false. */
    recommends: z.boolean().default(false),
    /** Remove their configuration too. Only with `state: 'absent'`. Default false. */
    purge: z.boolean().default(false),
    /** Fetch apt's lists before an installation when they are missing, outdated or older than `cacheMaxAge`. Default true. */
    updateCache: z.boolean().default(true),
    /** Oldest lists that still serve an installation, in seconds. Default 86400, a day; with `latest` at least 3600. */
    cacheMaxAge: z.number().int().min(0).default(86_400),
    /**
     * `stopped`: services that come with a package are not started by its installation, so that they can be configured
     * first; they stay enabled, and services that ran before are restarted as usual. `started`: as the package wants it. Default `stopped`.
     */
    services: z.enum(['stopped', 'started']).default('stopped'),
    /** Longest wait for another package program to end, in seconds. Default 300. */
    lockTimeout: z.number().int().min(0).default(LOCK_TIMEOUT),
    /** More of what the installation changes, where later tasks read it: `['path:/srv/app/**']`. */
    touches: z
      .array(z.custom<Topic>((topic) => typeof topic === 'string' && /^(\*|[^:]+:.+)$/.test(topic), 'expected kind:name'))
      .default([]),
    /**
     * What the packages bring to a host that does not have them, with all that they depend on, so that a dry run can plan
     * later tasks. It is known of many packages of Debian; said here, it counts for those too. Default: for a package
     * that nobody has measured, all that its name suggests is known after apply.
     */
    brings: packageContents.optional(),
  })
  .refine((o) => (o.name === undefined) !== (o.names === undefined), 'expected exactly one of name and names')
  .refine(
    (o) => o.version === undefined || (o.name !== undefined && o.state === 'present'),
    'version goes with one name and state present',
  )
  .refine((o) => !o.purge || o.state === 'absent', "purge goes with state: 'absent'")
  .transform(({ name, names, ...rest }) => ({ ...rest, names: [...new Set(names ?? (name === undefined ? [] : [name]))] }));

type Options = z.output<typeof options>;

/** What the options are where only a name is given. */
const PLAIN = options.parse({ name: 'any' });

/** Lists that are younger than this know of every package that there is, in seconds. */
const CERTAIN_AGE = 3600;

/**
 * Debian packages, through apt: installed, absent, or at their newest version. All of a task's packages are one transaction.
 * @example packages({ names: ['nginx', 'logrotate'] })
 */
export const packages = defineTask({
  kind: 'package',
  options,
  subject: subjectOf,
  reads: (o) => ({
    states: o.names.map((name) => packageState({ name, exact: o.state !== 'present' || o.version !== undefined })),
    lists: aptLists,
  }),
  plan: (o, { states, lists }) => {
    const found = o.names.map((name, index) => ({ name, now: states[index] ?? NOWHERE }));
    if (found.some(({ now }) => now.status === 'unsupported'))
      throw new PlanError('this host has no dpkg: packages are managed on Debian and Ubuntu only');
    return o.state === 'absent' ? planRemoval(o, found, lists) : planInstall(o, found, lists);
  },
});

/**
 * One task with all packages that these tasks ask for, to stand before them: a host then has one transaction of apt instead of one for
 * each role. Those that say more than names are left to themselves, as are all from a repository that one of the tasks adds.
 */
export function allPackages(tasks: TaskList): TaskList {
  const plain = flatten(tasks).filter(
    ({ kind, skipped, host, user }) => kind === 'package' && !skipped && (host ?? user) === undefined,
  );
  const names = plain.map((task) => task.options as Options).flatMap((o) => (isPlain(o) ? o.names : []));
  return names.length === 0 ? [] : [packages({ names: [...new Set(names)] }, { name: 'packages of all roles' })];
}

function isPlain(o: Options): boolean {
  return isDeepStrictEqual({ ...o, names: PLAIN.names }, PLAIN);
}

function subjectOf(o: Options): string {
  return o.names.join(' ');
}

interface Found {
  readonly name: string;
  readonly now: PackageState;
}

const NOWHERE: PackageState = { status: 'absent', held: false, known: false, near: [] };

function planInstall(o: Options, found: readonly Found[], lists: AptLists): readonly Change[] {
  // A long installation must not make the lists that it fetched look old.
  const maxAge = o.state === 'latest' ? Math.max(o.cacheMaxAge, CERTAIN_AGE) : o.cacheMaxAge;
  const old = o.updateCache && (!lists.present || lists.outdated || lists.ageSeconds > maxAge);
  const wanted = found.filter(({ now }) => !isRight(o, now) || (o.state === 'latest' && old));
  if (wanted.length === 0) return [];
  const held = wanted.find(({ now }) => now.held && now.status === 'installed');
  if (held !== undefined) throw heldError(held);
  const unknown = wanted.find(({ now }) => !now.known && now.status === 'absent');
  const certain = lists.present && !lists.outdated && lists.pending !== true;
  if (unknown !== undefined && certain && lists.ageSeconds < Math.min(CERTAIN_AGE, o.cacheMaxAge)) {
    throw new PlanError(`apt knows no package "${unknown.name}"${didYouMean(unknown.name, unknown.now.near)}`, {
      hint: `its lists are ${Math.round(lists.ageSeconds / 60)} min old; a repository that has it is added with aptRepository`,
    });
  }
  const rows = wanted.map(({ name, now }) => ({ name, now, version: o.version ?? now.candidate ?? 'newest' }));
  const verb = o.state === 'latest' && wanted.every(({ now }) => now.status === 'installed') ? 'upgrade' : 'install';
  const install = {
    summary: `${verb} ${rows.map(({ name, version }) => `${name} ${version}`).join(', ')}`,
    diff: {
      before: rows.map(({ name, now }) => `${name} ${inWords(now)}\n`).join(''),
      after: rows.map(({ name, version }) => `${name} ${version}\n`).join(''),
    },
    packages: rows.map(({ name, now, version }) => ({ name, from: versionOf(now), to: version })),
  };
  const fetch = { summary: 'fetch package lists' };
  const effects = installationEffects({ ...o, task: `package ${subjectOf(o)}`, packages: rows });
  return [
    {
      ...install,
      summary: [...(old ? [fetch] : []), install].map(({ summary }) => summary).join(', '),
      parts: old ? [fetch, install] : [install],
      steps: [
        sh(installScript(o), {
          words: installWords(
            rows.map(({ name }) => name),
            o.version,
          ),
          timeoutSeconds: 1800 + o.lockTimeout,
        }),
      ],
      touches: [...effects.touches, ...o.touches],
      predicts: [
        ...effects.predicts,
        ...rows.flatMap(({ name, now, version }) =>
          predictPackage(name, { ...now, status: 'installed', version, candidate: version, known: true, near: [] }),
        ),
        aptLists.predict(old ? { present: true, ageSeconds: 0, outdated: false } : lists),
      ],
    },
  ];
}

function planRemoval(o: Options, found: readonly Found[], lists: AptLists): readonly Change[] {
  const there = found.filter(({ now }) => !(now.status === 'absent' || (now.status === 'config-files' && !o.purge)));
  const held = there.find(({ now }) => now.held);
  if (held !== undefined) throw heldError(held);
  if (there.length === 0) return [];
  const names = there.map(({ name }) => name);
  return [
    {
      summary: `${o.purge ? 'purge' : 'remove'} ${names.join(', ')}`,
      diff: { before: there.map(({ name, now }) => `${name} ${inWords(now)}\n`).join(''), after: undefined },
      packages: there.map(({ name, now }) => ({ name, from: versionOf(now) ?? inWords(now) })),
      steps: [sh(removeScript({ ...o, names }), { timeoutSeconds: 1800 + o.lockTimeout })],
      touches: [...aptTopics(names, true), ...namedTopics(names), ...o.touches],
      predicts: [
        ...there.flatMap(({ name, now }) =>
          predictPackage(name, { ...now, status: o.purge ? 'absent' : 'config-files', version: undefined }),
        ),
        aptLists.predict(lists),
      ],
    },
  ];
}

function isRight(o: Options, now: PackageState): boolean {
  if (now.status !== 'installed') return false;
  if (o.version !== undefined) return matches(o.version, now.version ?? '');
  return o.state === 'present' || now.candidate === undefined || now.candidate === now.version;
}

function matches(wanted: string, version: string): boolean {
  return wanted.endsWith('*') ? version.startsWith(wanted.slice(0, -1)) : version === wanted;
}

function versionOf(now: PackageState): string | undefined {
  return now.version === undefined ? undefined : inWords(now);
}

function inWords(now: PackageState): string {
  if (now.status === 'broken') return `${now.version ?? ''} (its installation was interrupted)`;
  return now.version ?? (now.status === 'config-files' ? '(removed, its configuration is left)' : '(not installed)');
}

function predictPackage(name: string, after: PackageState) {
  return [packageState({ name }).predict(after), packageState({ name, exact: true }).predict(after)];
}

function heldError({ name, now }: Found): PlanError {
  return new PlanError(`${name} ${now.version ?? ''} is held on this host`, {
    hint: `someone ran "apt-mark hold ${name}"; take it back with "apt-mark unhold ${name}", or change the task`,
  });
}
