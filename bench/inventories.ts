import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { user } from '../test/rig/recipe.js';
import type { Rig } from '../test/rig/rig.js';
import type { Bench, BenchHost } from './workload.js';

/** What logs in to hosts. */
export interface Access {
  readonly privateKey: string;
  readonly knownHosts: string;
}

/** The files that name the hosts of a bench. */
export type Inventories = Pick<Bench, 'inventory' | 'ansibleInventory'>;

/** What logs in to the hosts of a rig. */
export function accessOf(rig: Rig): Access {
  return { privateKey: rig.privateKeyFile, knownHosts: rig.knownHostsFile };
}

/**
 * Writes inventories of hosts for us and for Ansible: the rig's own has variables of the site, which a playbook of the
 * bench does not know. JSON is YAML.
 */
export async function writeInventories(
  folder: string,
  hosts: readonly BenchHost[],
  { privateKey, knownHosts }: Access,
): Promise<Inventories> {
  const vars = { ansible_user: user.name, ansible_ssh_private_key_file: privateKey };
  const each = hosts.map(({ name, address, port }) => [name, { ansible_host: address, ansible_port: port }] as const);
  const write = async (file: string, more: object): Promise<string> => {
    const path = join(folder, file);
    await writeFile(path, JSON.stringify({ all: { vars: { ...vars, ...more }, hosts: Object.fromEntries(each) } }));
    return path;
  };
  const place = `${hosts.length}-${hosts[0]?.port ?? 0}`;
  return {
    inventory: await write(`hosts-${place}.yml`, { ansible_ssh_known_hosts_file: knownHosts }),
    ansibleInventory: await write(`ansible-${place}.yml`, {
      ansible_become: true,
      ansible_python_interpreter: '/usr/bin/python3',
      ansible_ssh_common_args: `-F /dev/null -o UserKnownHostsFile=${knownHosts}`,
    }),
  };
}
