import { defineFact, type Read } from '../model/fact.js';

/** Which releases of an application a host has. */
export interface Release {
  /** The one that runs: what the link `current` leads to. */
  readonly current: string | undefined;
  /** The one before it: what the link `previous` leads to. */
  readonly previous: string | undefined;
  /** All that are there, the newest first. */
  readonly all: readonly string[];
}

/** By the name of the application: its folder is `/srv/NAME`, its releases are in `releases/` there. */
export type Releases = ReadonlyMap<string, Release>;

const fact = defineFact<null, Releases>({
  name: 'releases',
  key: () => '',
  topics: () => ['path:/srv/**'],
  command: () =>
    `for d in /srv/*/releases; do
[ -d "$d" ] || continue
a=\${d%/releases}
printf '%s\\t%s\\t%s\\t%s\\n' "\${a#/srv/}" "$(readlink "$a/current")" "$(readlink "$a/previous")" "$(ls -1t "$d" | tr '\\n' '/')"
done`,
  parse: ({ stdout }) =>
    new Map(
      stdout.split('\n').flatMap((line): [string, Release][] => {
        const [name = '', current = '', previous = '', all = ''] = line.split('\t');
        if (name === '') return [];
        return [[name, { current: idOf(current), previous: idOf(previous), all: all.split('/').filter((one) => one !== '') }]];
      }),
    ),
});

/** The releases of the applications of the task's own host. */
export const releases: Read<Releases> = fact(null);

/** Stand-ins while a playbook is checked before any host is contacted. */
export const RELEASES_SAMPLES: readonly [Releases, ...Releases[]] = [new Map()];

/** `releases/42` is the release `42`. */
function idOf(target: string): string | undefined {
  return /(?:^|\/)releases\/([^/]+)$/.exec(target)?.[1];
}
