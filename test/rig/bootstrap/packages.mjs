import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { must, say } from './step.mjs';

/** What container hosts need on this machine; each is in Debian and Ubuntu. */
const PACKAGES = ['systemd-container', 'mmdebstrap', 'iproute2', 'nftables', 'openssh-client', 'debian-archive-keyring'];

/** What only some need: the bench compares with rsync; the tests run the real programs, on sockets and loopback ports of their own; vagrant starts virtual machines. */
const MORE_PACKAGES = {
  bench: ['rsync'],
  test: [
    'bsdutils',
    'curl',
    'git',
    'haproxy',
    'mariadb-client-core',
    'mariadb-server-core',
    'openssh-server',
    'openssl',
    'unzip',
    'xz-utils',
    'zip',
  ],
  vagrant: [
    'vagrant',
    'vagrant-libvirt',
    'libvirt-daemon-system',
    'libvirt-daemon-driver-qemu',
    'libvirt-clients',
    'dnsmasq-base',
    'iptables',
    'qemu-system-x86',
    'qemu-utils',
    'openssl',
  ],
};

/** What installations of ours would start at the next boot. */
const UNITS = { 'openssh-server': 'ssh.service', haproxy: 'haproxy.service' };

/** Any of these looks at the pages that the tests write. */
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome'];

const LISTS = '/var/lib/apt/lists';

/**
 * Installs the Debian packages that are missing, as root or through sudo. No service of theirs is started, nor at the
 * next boot: nobody who runs tests asked for one.
 * @param {string} command what they are for; `test` and `vagrant` need more than the others
 */
export function installPackages(command) {
  const wanted = [...PACKAGES, ...(MORE_PACKAGES[command] ?? []), ...(command === 'test' ? browser() : [])];
  const missing = wanted.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  say(`installing the Debian packages ${missing.join(', ')}`);
  const install = ['install', '-y', '-q', '--no-install-recommends', ...missing];
  const haveLists =
    existsSync(LISTS) && readdirSync(LISTS).some((name) => name.endsWith('_Packages') || name.includes('_Packages.'));
  if (!haveLists || apt(install).status !== 0) {
    say('updating the package lists');
    must(aptArgv(['update', '-q']));
    must(aptArgv(install));
  }
  for (const [name, unit] of Object.entries(UNITS))
    if (missing.includes(name) && existsSync('/run/systemd/system')) must([...asRoot(), 'systemctl', 'disable', '-q', unit]);
}

/** The package with a browser, where this machine has none. */
function browser() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  if (BROWSERS.some((name) => folders.some((folder) => existsSync(join(folder, name))))) return [];
  const ubuntu = /^ID=ubuntu$/m.test(readFileSync('/etc/os-release', 'utf8'));
  return [ubuntu ? 'chromium-browser' : 'chromium'];
}

function isInstalled(name) {
  const { status, stdout, error } = spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Status}', name], { encoding: 'utf8' });
  if (error !== undefined) throw new Error('this needs Debian or Ubuntu: there is no dpkg-query here');
  return status === 0 && stdout === 'installed';
}

function apt(args) {
  const [program, ...rest] = aptArgv(args);
  return spawnSync(program, rest, { stdio: ['inherit', 2, 2] });
}

/** Waits for other users of apt instead of failing, asks nothing, and starts no service (systemctl does nothing offline). */
function aptArgv(args) {
  return [
    ...asRoot(),
    'env',
    'DEBIAN_FRONTEND=noninteractive',
    'SYSTEMD_OFFLINE=1',
    'apt-get',
    '-o',
    'DPkg::Lock::Timeout=300',
    ...args,
  ];
}

function asRoot() {
  if (process.getuid() === 0) return [];
  if (spawnSync('sudo', ['--version']).error !== undefined)
    throw new Error('this needs root: there is no sudo here, so run it as root');
  return ['sudo'];
}
