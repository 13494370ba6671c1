import { defineFact, type Read } from '../model/fact.js';

/** How old apt's package lists are. */
export interface AptLists {
  /** False where there are none: apt knows no package then. */
  readonly present: boolean;
  /** Seconds since they were last fetched. */
  readonly ageSeconds: number;
  /** A repository was added or changed after they were fetched. */
  readonly outdated: boolean;
  /** Never read from a host: a planned change adds a repository, and what it offers is not known yet. */
  readonly pending?: boolean | undefined;
}

/**
 * Its time is that of the last change to a sources file whose own lists were fetched then, so that adding one
 * repository does not make the lists of all others look new.
 */
export const SOURCES_STAMP = '/var/lib/provision/apt-sources';

/** sh code that prints `present`, the age in seconds, and `outdated` or `current`. */
export const APT_LISTS_SCRIPT = [
  'L=/var/lib/apt/lists',
  `N=; for f in $L/*_Packages*; do [ -e "$f" ] && N=present; break; done`,
  `A=$(( $(date +%s) - $(stat -c %Y $L 2>/dev/null || echo 0) ))`,
  `R=$L; [ ${SOURCES_STAMP} -nt $L ] && R=${SOURCES_STAMP}`,
  `O=$(find /etc/apt/sources.list /etc/apt/sources.list.d -newer $R \\( -name '*.list' -o -name '*.sources' \\) 2>/dev/null)`,
  `echo "\${N:-absent} $A \${O:+outdated}"`,
].join('\n');

const listsFact = defineFact<null, AptLists>({
  name: 'aptLists',
  key: () => '',
  topics: () => ['apt:lists', 'path:/etc/apt/sources.list', 'path:/etc/apt/sources.list.d/**'],
  essence: ({ present, outdated }) => ({ present, outdated }),
  command: () => APT_LISTS_SCRIPT,
  parse: ({ stdout }) => {
    const [present, age, outdated] = stdout.trim().split(' ');
    return { present: present === 'present', ageSeconds: Number(age), outdated: outdated === 'outdated' };
  },
});

/** The age of apt's lists on the task's own host. */
export const aptLists: Read<AptLists> = listsFact(null);
