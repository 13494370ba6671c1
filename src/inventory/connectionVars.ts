import { z } from 'zod';
import { Secret } from '../util/secret.js';

const text = z.string({ error: 'expected a text' }).min(1, 'it is empty');
// Ansible takes digits in quotes for a number as well.
const number = z.union(
  [
    z.number(),
    z
      .string()
      .regex(/^\d+(\.\d+)?$/)
      .transform(Number),
  ],
  { error: 'expected a number' },
);
const port = number.pipe(
  z.number().int('expected a whole number').min(1, 'expected a port, 1 to 65535').max(65535, 'expected a port, 1 to 65535'),
);
const password = z
  .union([z.instanceof(Secret), z.string().min(1)], { error: 'expected a text; put a password of digits in quotes' })
  .transform((value) => (typeof value === 'string' ? new Secret(value) : value));
const seconds = number.pipe(z.number().positive('expected seconds, more than 0').max(3600, 'expected seconds, 3600 at most'));

/** What the variables of a host say about the way to it. */
export const connectionSchema = z.object({
  address: text
    .optional()
    .describe("Where the host is reached: a name, an address or an alias of your ssh_config. Default: the host's name."),
  port: port.optional().describe('The port of its SSH server. Default: from your ssh_config, or 22.'),
  user: text.optional().describe('The account to log in as. Default: from your ssh_config, or your own name.'),
  privateKeyFile: text
    .optional()
    .describe("The key to log in with. Relative to the inventory's folder, or to the working folder where it is only there."),
  type: z
    .preprocess((value) => (value === 'smart' ? 'ssh' : value), z.enum(['ssh', 'local'], { error: 'expected ssh or local' }))
    .optional()
    .describe('ssh, or local for the machine that the tool runs on. Default: ssh.'),
  password: password.optional().describe('The password to log in with, where it is not done by key.'),
  becomePassword: password.optional().describe('The password that sudo asks for.'),
  knownHostsFile: text.optional().describe("A known_hosts file instead of your own and the system's."),
  connectTimeoutSeconds: seconds.optional().describe('Seconds that connecting may take. Default: 10.'),
});

export type ConnectionSetting = keyof typeof connectionSchema.shape;

/** Each setting's names in the inventory: the usual one first, then those that Ansible takes for the same. */
export const SETTING_NAMES: Readonly<Record<ConnectionSetting, readonly [string, ...string[]]>> = {
  address: ['ansible_host', 'ansible_ssh_host'],
  port: ['ansible_port', 'ansible_ssh_port'],
  user: ['ansible_user', 'ansible_ssh_user'],
  privateKeyFile: ['ansible_ssh_private_key_file', 'ansible_private_key_file'],
  type: ['ansible_connection'],
  password: ['ansible_password', 'ansible_ssh_pass', 'ansible_ssh_password'],
  becomePassword: ['ansible_become_password', 'ansible_become_pass', 'ansible_sudo_pass'],
  knownHostsFile: ['ansible_ssh_known_hosts_file'],
  connectTimeoutSeconds: ['ansible_connect_timeout', 'ansible_ssh_timeout', 'ansible_timeout'],
};

/** Settings that are shown on the screen as a matter of course, and so cannot be secrets. */
export const SHOWN_SETTINGS: readonly ConnectionSetting[] = [
  'address',
  'port',
  'user',
  'privateKeyFile',
  'type',
  'knownHostsFile',
  'connectTimeoutSeconds',
];

/**
 * Ansible's variables that say nothing about the way to a host. Each judges its value: undefined where it can be
 * ignored without a change of meaning, otherwise what to do instead.
 */
export const IGNORED: Readonly<Record<string, (value: unknown) => string | undefined>> = {
  ansible_python_interpreter: () => undefined,
  ansible_ssh_pipelining: () => undefined,
  ansible_pipelining: () => undefined,
  ansible_ssh_transfer_method: () => undefined,
  ansible_become: (value) => (value === true ? undefined : 'tasks run as root unless the play or the task names another "user"'),
  ansible_become_method: (value) => (value === 'sudo' ? undefined : 'only sudo is there to become root'),
  ansible_become_user: (value) => (value === 'root' ? undefined : 'name the account as "user" of the play or the task'),
  ansible_shell_type: (value) => (value === 'sh' ? undefined : 'hosts are managed with a POSIX sh'),
  ansible_ssh_common_args: () =>
    'write options of ssh (ProxyJump, IdentitiesOnly …) into ~/.ssh/config; --accept-new-host-keys accepts new host keys',
  ansible_ssh_extra_args: () =>
    'write options of ssh (ProxyJump, IdentitiesOnly …) into ~/.ssh/config; --accept-new-host-keys accepts new host keys',
  ansible_ssh_host_key_checking: () => 'host keys are always checked; --accept-new-host-keys accepts new ones',
  ansible_host_key_checking: () => 'host keys are always checked; --accept-new-host-keys accepts new ones',
  ansible_become_flags: () => 'sudo is called without flags',
  ansible_group_priority: () => 'it counts only among the "vars" of a group in the inventory\'s own file',
};

/** Every `ansible_…` variable that has a meaning here. */
export const KNOWN_NAMES: readonly string[] = [...Object.values(SETTING_NAMES).flat(), ...Object.keys(IGNORED)];
