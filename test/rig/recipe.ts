import { createHash } from 'node:crypto';
import type { MachineApt } from './machineApt.js';

/** The Debian releases that hosts can run. */
export const bases = ['bookworm', 'trixie', 'sid'] as const;

/** A Debian release that hosts can run. */
export type Base = (typeof bases)[number];

/** Whether a word names a base. */
export function isBase(word: string): word is Base {
  return (bases as readonly string[]).includes(word);
}

/** The unprivileged user whom the tool logs in as. */
export const user = { name: 'deploy', id: 1000 } as const;

/** What a server has before anything is provisioned. No Python: the tool must not need it. */
const packages = [
  'systemd',
  'systemd-sysv',
  'dbus',
  'libpam-systemd',
  'openssh-server',
  'sudo',
  'iproute2',
  'ca-certificates',
  'procps',
];

/** Timers that would fetch and install packages behind a test's back. */
const timersOff = ['apt-daily.timer', 'apt-daily-upgrade.timer'];

const customise = `set -eu
cd "$1"
chroot . useradd --create-home --shell /bin/bash --uid ${user.id} ${user.name}
echo '${user.name} ALL=(ALL:ALL) NOPASSWD: ALL' > etc/sudoers.d/${user.name}
chmod 0440 etc/sudoers.d/${user.name}
rm -f etc/ssh/ssh_host_* etc/hostname etc/resolv.conf etc/apt/apt.conf.d/99mmdebstrap
: > etc/machine-id
rm -f var/lib/dbus/machine-id
for timer in ${timersOff.join(' ')}; do ln -s /dev/null "etc/systemd/system/$timer"; done
touch etc/.updated var/.updated
`;

/** How one base image is made. */
export interface Recipe {
  readonly base: Base;
  /** Its folder's name; changes with everything that the image depends on. */
  readonly key: string;
  /** mmdebstrap's arguments, without proxy and target. */
  readonly args: readonly string[];
  /** The archive's lines, as in sources.list; empty for mmdebstrap's default. */
  readonly sources: readonly string[];
}

/** The recipe of a base for this machine. */
export function recipeFor(base: Base, apt: MachineApt): Recipe {
  const sources = sourcesFor(base, apt);
  // The archive of sid is not always signed anew in time.
  const options = base === 'sid' ? ['--aptopt=Acquire::Check-Valid-Until "false"'] : [];
  const keepOption = `echo 'Acquire::Check-Valid-Until "false";' > "$1/etc/apt/apt.conf.d/10valid-until"`;
  const args = [
    '--mode=root',
    '--format=directory',
    '--variant=minbase',
    `--include=${packages.join(',')}`,
    '--skip=cleanup/apt/lists',
    ...options,
    ...(base === 'sid' ? [`--customize-hook=${keepOption}`] : []),
    `--customize-hook=${customise}`,
  ];
  const hash = createHash('sha256')
    .update(JSON.stringify([args, sources]))
    .digest('hex');
  return { base, key: `${base}-${hash.slice(0, 12)}`, args, sources };
}

/** Sources are plain http even where the mirror is https: the rig's proxy turns them back. */
function sourcesFor(base: Base, apt: MachineApt): string[] {
  if (apt.mirror === undefined) return [];
  const main = plain(apt.mirror);
  if (base === 'sid') return [`deb ${main} sid main`];
  const security = apt.securityMirror === undefined ? [] : [`deb ${plain(apt.securityMirror)} ${base}-security main`];
  return [`deb ${main} ${base} main`, `deb ${main} ${base}-updates main`, ...security];
}

function plain(uri: string): string {
  return uri.replace(/^https:/, 'http:').replace(/\/$/, '');
}
