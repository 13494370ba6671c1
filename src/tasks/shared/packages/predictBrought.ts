import { groupEntry, userEntry, type GroupEntry, type NoEntry, type UserEntry } from '../../../facts/accounts.js';
import { certificateState } from '../../../facts/certificate.js';
import { pathExists } from '../../../facts/exists.js';
import { fileState, type FileState } from '../../../facts/file.js';
import { isFolder } from '../../../facts/folder.js';
import { unitState, type UnitState } from '../../../facts/units.js';
import { predictFrom, type Prediction, type Read } from '../../../model/fact.js';
import { sha256 } from '../../../util/hash.js';
import { openMarksAbove } from '../marksAbove.js';
import { parentOf } from '../paths.js';
import { placeOf, type PackageContents } from './contents.js';

const OPENSSL = '/usr/bin/openssl';

/** An installation of packages that a host does not have. */
export interface Arrival {
  /** The id of the task that installs them. */
  readonly task: string;
  /** Whether services that come along are started. */
  readonly services: 'stopped' | 'started';
  /** The packages were there and were removed, but not purged: their configuration is as it was left. */
  readonly again: boolean;
}

/**
 * What reads will give once packages with these contents are installed. Where a host has already what a package brings,
 * and not as the package has it, nothing is said: the read is then known after apply.
 */
export function predictBrought(contents: PackageContents, arrival: Arrival): readonly Prediction[] {
  const { units = {}, users = {}, groups = [], directories = [], files = [], links = {} } = contents;
  const pathOf = (words: string) => placeOf(words, '').path;
  const bringsOpenssl = files.map(pathOf).includes(OPENSSL);
  const folders = new Set([...directories.map(pathOf), ...[...files.map(pathOf), ...Object.keys(links)].map(parentOf)]);
  const homes = ['/', ...directories.map(pathOf)];
  return [
    ...Object.entries(units).map(([name, unit]) => predictFrom(unitState(name), (now) => told(unitAfter(unit, now, arrival)))),
    ...Object.entries(users).map(([name, user]) => predictFrom(userEntry(name), (now) => told(userAfter(user, now, homes)))),
    ...groups.map((name) =>
      predictFrom(groupEntry(name), (now: GroupEntry | NoEntry) => told(now.exists ? now : { exists: true, gid: undefined })),
    ),
    ...directories.flatMap((words) => {
      const { path, ...ownership } = placeOf(words, '0755');
      return [...paths(path, { type: 'directory', ...ownership, size: 0 }, arrival), thereAfter(isFolder(path), arrival)];
    }),
    ...files.flatMap((words) => {
      const { path, ...ownership } = placeOf(words, '0644');
      return paths(path, { type: 'file', ...ownership, size: 0, contentFrom: arrival.task }, arrival);
    }),
    ...Object.entries(links).flatMap(([path, target]) =>
      paths(path, { type: 'link', mode: '0777', owner: 'root', group: 'root', size: Buffer.byteLength(target), target }, arrival),
    ),
    ...[...folders].flatMap((path) => openMarksAbove(`${path}/.`, arrival.task)),
    // Where there is no certificate yet, openssl has nothing to compare with its key.
    ...(bringsOpenssl
      ? [predictFrom(certificateState.every(), (now) => told(now.content === undefined ? { ...now, openssl: true } : undefined))]
      : []),
  ];
}

function told<T>(value: T | undefined) {
  return value === undefined ? undefined : { value };
}

type Brought<K extends 'units' | 'users'> = NonNullable<PackageContents[K]>[string];

function unitAfter(unit: Brought<'units'>, now: UnitState, { task, services, again }: Arrival): UnitState | undefined {
  if (!now.systemd) return now;
  // What an earlier package of the host brought stays as it is.
  if (now.load === 'loaded') return services === 'stopped' && ['varies', now.enabled].includes(unit.enabled) ? now : undefined;
  if (now.load !== 'not-found' || now.active !== 'inactive') return undefined;
  if (services === 'started' && unit.runs === undefined) return undefined;
  return {
    systemd: true,
    load: 'loaded',
    active: services === 'started' && unit.runs === true ? 'active' : 'inactive',
    ...(unit.enabled === 'varies'
      ? { enabled: '', enabledFrom: task }
      : { enabled: again && unit.enabled === 'enabled' && now.linked !== true ? 'disabled' : unit.enabled }),
    type: unit.type,
    remains: unit.remains ?? false,
    canReload: unit.canReload ?? false,
    needsDaemonReload: false,
    arrives: true,
  };
}

function userAfter(user: Brought<'users'>, now: UserEntry | NoEntry, homes: readonly string[]): UserEntry | NoEntry {
  if (now.exists) return now;
  const password = user.password ?? '!';
  return {
    exists: true,
    uid: undefined,
    group: user.group,
    groups: [],
    home: user.home,
    homeExists: homes.includes(user.home),
    shell: user.shell ?? '/usr/sbin/nologin',
    comment: user.comment ?? '',
    locked: password.startsWith('!'),
    passwordDigest: sha256(password.replace(/^!/, '')),
  };
}

function paths(path: string, brought: FileState, arrival: Arrival): readonly Prediction[] {
  return [
    predictFrom(fileState({ path }), (now) => told(fileAfter(brought, now, arrival.again))),
    thereAfter(pathExists(path), arrival),
  ];
}

/** Whether something is there: of a new package certainly, whatever was before. */
function thereAfter(read: Read<boolean>, { again }: Arrival): Prediction {
  return again ? predictFrom(read, (there) => told(there ? true : undefined)) : read.predict(true);
}

function fileAfter(brought: FileState, now: FileState, again: boolean): FileState | undefined {
  // A removed package's configuration stays; what was deleted of it does not come back, unless a script makes it.
  if (again) return now.type === 'absent' ? undefined : now;
  if (now.type === 'absent') return brought;
  const same =
    now.type === brought.type && now.mode === brought.mode && now.owner === brought.owner && now.group === brought.group;
  return same && now.type !== 'file' && now.target === brought.target ? now : undefined;
}
