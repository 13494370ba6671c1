import { randomBytes } from 'node:crypto';
import { chown, copyFile, chmod, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { createCa } from '../../src/vault/ca.js';
import { rigDir } from './paths.js';
import { user } from './recipe.js';
import type { RigState } from './state.js';

/** The variables that get a random value each in a rig's inventory. */
const secretVars = ['mysql_app_password', 'mysql_replication_password', 'haproxy_stats_password'] as const;

/** The files that a rig's user logs in with. They lie in a folder named after the inventory: `rig.yml` has `rig/`. */
export interface AccessFiles {
  readonly privateKey: string;
  readonly knownHosts: string;
}

/** Where the key and the known hosts of an inventory are. */
export function accessFiles(inventoryFile: string): AccessFiles {
  const folder = inventoryFile.replace(/\.ya?ml$/, '');
  return { privateKey: join(folder, 'id_ed25519'), knownHosts: join(folder, 'known_hosts') };
}

/**
 * Writes the inventory of a rig, in Ansible's layout, with its key and known hosts beside it. All are readable for
 * their owner only: who runs us, or who called sudo to.
 * @param hostKeys the hosts' public keys (type and data), by host name
 */
export async function writeInventory(state: RigState, hostKeys: ReadonlyMap<string, string>): Promise<void> {
  const { privateKey, knownHosts } = accessFiles(state.inventoryFile);
  for (const folder of [dirname(state.inventoryFile), dirname(privateKey)]) {
    if ((await mkdir(folder, { recursive: true })) !== undefined) await handOver(folder);
  }
  await copyFile(join(rigDir(state.name), 'id_ed25519'), privateKey);
  await chmod(privateKey, 0o600);
  await handOver(privateKey);
  const lines = state.hosts.map(({ name, address }) => `${address} ${hostKeys.get(name) ?? ''}\n`);
  await put(knownHosts, lines.join(''));
  const groups = [...new Set(state.hosts.flatMap((host) => host.groups))];
  const children = groups.map((group) => {
    const members = state.hosts.filter((host) => host.groups.includes(group));
    return [group, { hosts: Object.fromEntries(members.map(({ name, address }) => [name, { ansible_host: address }])) }];
  });
  const vars = {
    ansible_user: user.name,
    ansible_ssh_private_key_file: privateKey,
    ansible_ssh_known_hosts_file: knownHosts,
    mysql_flavour: state.flavour,
    ...(state.topology === 'ha' ? { virtual_address: `${state.subnet}.100` } : {}),
    ...(await secrets(state.name)),
  };
  const head = `# The container hosts of the rig "${state.name}". Written by "npm run rig -- up", with passwords of its own.\n`;
  await put(state.inventoryFile, head + stringify({ all: { vars, children: Object.fromEntries(children) as object } }));
}

/** The rig's random passwords: made once, the same until `down`. */
async function secrets(rig: string): Promise<Record<string, string>> {
  const file = join(rigDir(rig), 'secrets.json');
  const text = await readFile(file, 'utf8').catch(() => '{}');
  const known = JSON.parse(text) as Record<string, string>;
  const passwords = Object.fromEntries(secretVars.map((name) => [name, known[name] ?? randomBytes(18).toString('base64url')]));
  const all = { ...passwords, ...(await authority(known)) };
  await put(file, JSON.stringify(all));
  return all;
}

/** The rig's own certificate authority, as the variables that the site's playbook wants. */
async function authority({ ca_key: key, ca_certificate: certificate }: Record<string, string>): Promise<Record<string, string>> {
  if (key !== undefined && certificate !== undefined) return { ca_key: key, ca_certificate: certificate };
  const made = await createCa('provision rig', 3650);
  return { ca_key: made.key, ca_certificate: made.certificate };
}

async function put(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text, { mode: 0o600 });
  await handOver(`${file}.new`);
  await rename(`${file}.new`, file);
}

/** Gives a file to the user who called sudo. */
async function handOver(path: string): Promise<void> {
  const uid = Number(process.env['SUDO_UID'] ?? (await stat(path)).uid);
  const gid = Number(process.env['SUDO_GID'] ?? (await stat(path)).gid);
  await chown(path, uid, gid);
}
