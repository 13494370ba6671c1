import { defineFact, type CommandResult, type Read } from '../model/fact.js';

/** Distributions that are told apart; a playbook that compares with any other name is misspelt. */
const IDS = ['debian', 'ubuntu', 'raspbian', 'devuan', 'kali', 'linuxmint', 'pop', 'linux'] as const;

/** Which distribution a host runs, as its os-release file says. */
export interface Os {
  /** `debian`, `ubuntu` or a near relative of theirs; `linux` for any other. */
  readonly id: (typeof IDS)[number];
  /** `12`, `24.04`. Debian's testing and sid have none. */
  readonly versionId: string | undefined;
  /** `bookworm`, `noble`. On sid it is the name of the next release. */
  readonly codename: string | undefined;
  /** What it is derived from: Ubuntu says `debian`. */
  readonly like: readonly string[];
  /** For people: `Debian GNU/Linux 12 (bookworm)`. */
  readonly prettyName: string;
}

const osFact = defineFact<null, Os>({
  name: 'os',
  key: () => '',
  topics: () => ['path:/usr/lib/os-release'],
  command: () => 'cat /etc/os-release || cat /usr/lib/os-release',
  parse: parseOs,
});

/** The distribution of the task's own host. */
export const os: Read<Os> = osFact(null);

/** Stand-ins for `os` while a playbook is checked before any host is contacted: the distributions it is made for. */
export const OS_SAMPLES: readonly [Os, ...Os[]] = [
  { id: 'debian', versionId: '12', codename: 'bookworm', like: [], prettyName: 'Debian GNU/Linux 12 (bookworm)' },
  { id: 'debian', versionId: '13', codename: 'trixie', like: [], prettyName: 'Debian GNU/Linux 13 (trixie)' },
  { id: 'debian', versionId: undefined, codename: 'forky', like: [], prettyName: 'Debian GNU/Linux forky/sid' },
  { id: 'ubuntu', versionId: '24.04', codename: 'noble', like: ['debian'], prettyName: 'Ubuntu 24.04.1 LTS' },
];

/** Reads the `NAME=value` lines of os-release(5); values may be quoted as in a shell. */
export function parseOs({ stdout }: Pick<CommandResult, 'stdout'>): Os {
  const values = new Map<string, string>();
  for (const line of stdout.split('\n')) {
    const match = /^([A-Z0-9_]+)=(.*)$/.exec(line.trim());
    if (match) values.set(match[1] ?? '', unquote(match[2] ?? ''));
  }
  const id = IDS.find((one) => one === values.get('ID')) ?? 'linux';
  return {
    id,
    versionId: values.get('VERSION_ID'),
    codename: values.get('VERSION_CODENAME'),
    like: (values.get('ID_LIKE') ?? '').split(/\s+/).filter((name) => name !== ''),
    prettyName: values.get('PRETTY_NAME') ?? values.get('NAME') ?? values.get('ID') ?? id,
  };
}

function unquote(value: string): string {
  const inner = /^(["'])(.*)\1$/.exec(value);
  if (!inner) return value;
  return inner[1] === "'" ? (inner[2] ?? '') : (inner[2] ?? '').replace(/\\(["\\$`])/g, '$1');
}
