import { randomUUID } from 'node:crypto';
import { access, chmod, chown, copyFile, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { user } from './recipe.js';
import { must } from './run.js';

/** The port of the rig's proxy on the bridge's address. */
export const proxyPort = 3142;

/** What makes one host of a rig differ from its base image. */
export interface HostIdentity {
  readonly name: string;
  /** The bridge's address, where the rig's proxy listens. */
  readonly gateway: string;
  /** The public key that logs in. */
  readonly publicKey: string;
}

/**
 * Writes the files that are a host's own into a folder that lies between the base image and what the host writes, so
 * that a reset keeps its identity and a comparison sees only what happened since. Keeps what is there already.
 * @returns the host's public ssh key, as in known_hosts
 */
export async function hostLayer(folder: string, host: HostIdentity): Promise<string> {
  const keyFile = join(folder, 'etc/ssh/ssh_host_ed25519_key');
  if (!(await exists(folder))) {
    const fresh = `${folder}.new`;
    await rm(fresh, { recursive: true, force: true });
    await writeLayer(fresh, host);
    await rename(fresh, folder);
  }
  const [type = '', key = ''] = (await readFile(`${keyFile}.pub`, 'utf8')).split(' ');
  return `${type} ${key}`;
}

async function writeLayer(folder: string, host: HostIdentity): Promise<void> {
  const write = async (path: string, text: string, mode = 0o644): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
    await chmod(join(folder, path), mode);
  };
  await mkdir(folder, { recursive: true });
  await write('etc/hostname', `${host.name}\n`);
  await write('etc/hosts', `127.0.0.1\tlocalhost\n127.0.1.1\t${host.name}\n::1\tlocalhost ip6-localhost ip6-loopback\n`);
  await write('etc/machine-id', `${randomUUID().replaceAll('-', '')}\n`, 0o444);
  // Translations of package descriptions are most of what an update would fetch, and nobody reads them here.
  await write(
    'etc/apt/apt.conf.d/01rig',
    `Acquire::http::Proxy "http://${host.gateway}:${proxyPort}";\nAcquire::Languages "none";\n`,
  );
  await copyFile(await resolverFile(), join(folder, 'etc/resolv.conf'));
  await mkdir(join(folder, 'etc/ssh'));
  const key = join(folder, 'etc/ssh/ssh_host_ed25519_key');
  await must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', `root@${host.name}`, '-f', key]);
  await write(`home/${user.name}/.ssh/authorized_keys`, `${host.publicKey.trim()}\n`, 0o600);
  for (const path of ['', '/.ssh', '/.ssh/authorized_keys'])
    await chown(join(folder, `home/${user.name}${path}`), user.id, user.id);
  for (const path of ['', '/.ssh']) await chmod(join(folder, `home/${user.name}${path}`), 0o700);
}

/** Gives a host its address at each boot, also after `systemctl reboot`. nspawn has made the device by then. */
export async function writeNetwork(
  layer: string,
  { address, gateway }: { readonly address: string; readonly gateway: string },
): Promise<void> {
  const ip = (words: string) => `ExecStart=/usr/sbin/ip ${words}\n`;
  const unit = `[Unit]
Description=The rig's network
DefaultDependencies=no
Before=network.target

[Service]
Type=oneshot
RemainAfterExit=yes
${ip('link set lo up')}${ip(`addr replace ${address}/24 dev host0`)}${ip('link set host0 up')}${ip(`route replace default via ${gateway}`)}`;
  const folder = join(layer, 'etc/systemd/system');
  await mkdir(join(folder, 'sysinit.target.wants'), { recursive: true });
  await writeFile(join(folder, 'rig-network.service'), unit, { mode: 0o644 });
  const link = join(folder, 'sysinit.target.wants/rig-network.service');
  await rm(link, { force: true });
  await symlink('../rig-network.service', link);
}

/** systemd-resolved's own stub is not reachable from a host; the file behind it names the real servers. */
async function resolverFile(): Promise<string> {
  const real = '/run/systemd/resolve/resolv.conf';
  const stub = /^nameserver\s+127\./m.test(await readFile('/etc/resolv.conf', 'utf8'));
  return stub && (await exists(real)) ? real : '/etc/resolv.conf';
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
