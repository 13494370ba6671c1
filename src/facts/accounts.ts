import { defineBatchFact, type FactReader, type Read } from '../model/fact.js';
import { quote, shellLine } from '../util/shell.js';

/** No such account or group. */
export interface NoEntry {
  readonly exists: false;
}

/** A group of the host, from wherever its name service takes it. */
export interface GroupEntry {
  readonly exists: true;
  /** Undefined where it is predicted and the host is free to choose. */
  readonly gid: number | undefined;
}

/** A user of the host, from wherever its name service takes it. */
export interface UserEntry {
  readonly exists: true;
  /** Undefined where it is predicted and the host is free to choose. */
  readonly uid: number | undefined;
  /** The name of the primary group. */
  readonly group: string;
  /** The names of the other groups, sorted. */
  readonly groups: readonly string[];
  readonly home: string;
  /** Whether the home is a directory. */
  readonly homeExists: boolean;
  readonly shell: string;
  readonly comment: string;
  /** Whether a `!` stands before the password's hash: no login by password. */
  readonly locked: boolean;
  /** SHA-256 of the password's hash without that `!`: the hash itself stays on the host. Undefined where only root may read it and it is not root that asks. */
  readonly passwordDigest: string | undefined;
}

export const NO_ENTRY: NoEntry = { exists: false };

/** A group by its name. */
export const groupEntry: (name: string, options?: { host?: string }) => Read<GroupEntry | NoEntry> = defineBatchFact<
  string,
  GroupEntry | NoEntry
>({
  name: 'group',
  key: (name) => name,
  topics: (name) => [`group:${name}`],
  command: (names) => `getent group -- ${shellLine(...names)}`,
  parse: ({ stdout }, names) => {
    const groups = new Map(stdout.split('\n').map((line) => [line.split(':')[0], Number(line.split(':')[2])]));
    return names.map((name) => (groups.has(name) ? { exists: true, gid: groups.get(name) } : NO_ENTRY));
  },
});

/** A user by its name. */
export const userEntry: FactReader<string, UserEntry | NoEntry> = defineBatchFact<string, UserEntry | NoEntry>({
  name: 'user',
  key: (name) => name,
  topics: (name) => [`user:${name}`],
  command: (names) => {
    const words = names.map(quote).join(' ');
    return [
      `getent passwd -- ${words} | while IFS= read -r l; do h=\${l%:*}; h=\${h##*:}; [ -d "$h" ] && d=1 || d=0; printf '%s\\n' "$d:$l"; done`,
      'echo =',
      `getent shadow -- ${words} | while IFS=: read -r n h _; do`,
      `case $h in '!'*) l=1; h=\${h#!};; *) l=0;; esac; printf '%s:%s:%s\\n' "$n" $l "$(printf %s "$h" | sha256sum)"; done`,
      'echo =',
      'getent group',
      'true',
    ].join('\n');
  },
  parse: ({ stdout }, names) => {
    const [passwd = [], shadow = [], groups = []] = stdout.split(/^=\n/m).map(rows);
    return names.map((name) => {
      const row = passwd.find((one) => one[1] === name);
      return row === undefined
        ? NO_ENTRY
        : parseUser(
            row,
            shadow.find((one) => one[0] === name),
            groups,
          );
    });
  },
});

function rows(text: string): readonly (readonly string[])[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(':'));
}

function parseUser(
  row: readonly string[],
  shadow: readonly string[] | undefined,
  groups: readonly (readonly string[])[],
): UserEntry {
  const [homeExists, name = '', , uid, gid = '', comment = '', home = '', shell = ''] = row;
  return {
    exists: true,
    uid: Number(uid),
    group: groups.find((group) => group[2] === gid)?.[0] ?? gid,
    groups: groups
      .flatMap(([group = '', , id, members = '']) => (id !== gid && members.split(',').includes(name) ? [group] : []))
      .sort(),
    home,
    homeExists: homeExists === '1',
    shell,
    comment,
    locked: shadow?.[1] === '1',
    passwordDigest: shadow?.[2]?.slice(0, 64),
  };
}
