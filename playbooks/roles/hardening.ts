import { z } from 'zod';
import type { Virtualization } from 'provision/facts/virtualization';
import type { TaskContext, TaskList } from 'provision/playbook';
import type { TaskMeta } from 'provision/task';
import { configFiles } from 'provision/tasks/configFiles';
import { sysctl } from 'provision/tasks/sysctl';
import { template } from 'provision/tasks/template';
import { timer } from 'provision/tasks/timer';

/** Variables of what makes a host harder to break into. */
export const hardeningVars = z.object({
  /** False leaves a host's sshd, kernel parameters and updates alone. */
  hardening_enabled: z.boolean().default(true),
  /** Whether people may log in by SSH with a password. False: with keys only. */
  ssh_password_login: z.boolean().default(false),
  /** Whether root may log in by SSH: with a key (`prohibit-password`), or not at all (`no`). */
  ssh_root_login: z.enum(['prohibit-password', 'no']).default('prohibit-password'),
  /** More lines for sshd: `AllowGroups: ssh-users`. They win over the role's own. */
  ssh_options: z
    .record(
      z.string().regex(/^[A-Za-z0-9]+$/, "expected the name of an option of sshd's"),
      z.string().regex(/^[^\n]+$/, 'expected one line'),
    )
    .default({}),
  /** More kernel parameters, or other values for the role's own. */
  hardening_sysctls: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  /** Whether security updates are installed each night, on one host after another. */
  security_updates: z.boolean().default(true),
  /** Packages that are left out of it: those that you would rather restart yourself. */
  security_updates_exclude: z.array(z.string().regex(/^[a-z0-9][a-z0-9+.-]*$/, "expected a package's name")).default([]),
});

export type HardeningVars = z.output<typeof hardeningVars>;

/** What sshd.conf.ejs is given. */
export interface SshdTemplate {
  readonly options: readonly (readonly [string, string])[];
}

/** What security-updates.sh.ejs is given. */
export interface SecurityUpdatesTemplate {
  readonly exclude: readonly string[];
}

const SSHD = '/etc/ssh/sshd_config.d/10-provision.conf';
const UPDATES = '/usr/local/sbin/security-updates';

/** The first host begins at one o'clock, the next ones twenty minutes later each. */
const [FIRST, APART, SLOTS] = [60, 20, 12];

/** Keys instead of passwords, a kernel that tells and takes less, security updates each night. */
export function hardening({
  host,
  vars,
  hosts,
  facts,
}: TaskContext<HardeningVars, never, { virtualization: Virtualization }>): TaskList {
  if (!vars.hardening_enabled) return [];
  const sshd: SshdTemplate = { options: Object.entries({ ...sshdOptions(vars), ...vars.ssh_options }) };
  const kernel = facts.virtualization.container ? {} : KERNEL;
  const index = hosts('all').findIndex(({ name }) => name === host.name);
  const exclude: SecurityUpdatesTemplate = { exclude: vars.security_updates_exclude };
  const tagged: TaskMeta = { tags: ['hardening'] };
  return [
    configFiles(
      {
        name: 'sshd',
        files: [{ path: SSHD, template: 'sshd.conf.ejs', vars: { ...sshd }, owner: 'root', group: 'root', mode: '0644' }],
        // The second part: that the main file includes the folder, so that all this counts.
        validate: `mkdir -p /run/sshd; sshd -t && sshd -T | grep -qix 'x11forwarding ${vars.ssh_options['X11Forwarding'] ?? 'no'}'`,
        confirmLogin: { seconds: 30, reload: 'ssh' },
      },
      tagged,
    ),
    sysctl({ file: '/etc/sysctl.d/60-hardening.conf', values: { ...NETWORK, ...kernel, ...vars.hardening_sysctls } }, tagged),
    ...(vars.security_updates
      ? [
          template({ src: 'security-updates.sh.ejs', path: UPDATES, vars: { ...exclude }, mode: '0755' }, tagged),
          timer(
            {
              name: 'security-updates',
              description: 'Security updates',
              onCalendar: `*-*-* ${clock(FIRST + (index % SLOTS) * APART)}`,
              command: UPDATES,
              // Not at boot, when what it restarts may just have stood in for another host's.
              persistent: false,
            },
            tagged,
          ),
        ]
      : [timer({ name: 'security-updates', state: 'absent' }, tagged)]),
  ];
}

/** What this role says to sshd. */
interface SshdOptions {
  readonly PermitRootLogin: 'prohibit-password' | 'no';
  readonly PasswordAuthentication: 'yes' | 'no';
  readonly KbdInteractiveAuthentication: 'no';
  readonly PermitEmptyPasswords: 'no';
  readonly X11Forwarding: 'no';
  readonly AllowAgentForwarding: 'no';
  readonly AllowTcpForwarding: 'local';
  readonly AllowStreamLocalForwarding: 'no';
  readonly PermitTunnel: 'no';
  readonly PermitUserEnvironment: 'no';
  readonly LoginGraceTime: '30';
  readonly ClientAliveInterval: '60';
  readonly MACs: string;
}

/** Whoever provisions must come in as before: by key, as root where that is the account, through a jump host (local forwarding). */
function sshdOptions(vars: HardeningVars): SshdOptions {
  return {
    PermitRootLogin: vars.ssh_root_login,
    PasswordAuthentication: vars.ssh_password_login ? 'yes' : 'no',
    KbdInteractiveAuthentication: 'no',
    PermitEmptyPasswords: 'no',
    X11Forwarding: 'no',
    AllowAgentForwarding: 'no',
    AllowTcpForwarding: 'local',
    AllowStreamLocalForwarding: 'no',
    PermitTunnel: 'no',
    PermitUserEnvironment: 'no',
    LoginGraceTime: '30',
    ClientAliveInterval: '60',
    MACs: '-*sha1*,umac-64*',
  };
}

/** A container has these for itself. */
const NETWORK: Readonly<Record<string, number>> = {
  'net.ipv4.tcp_syncookies': 1,
  'net.ipv4.conf.all.accept_redirects': 0,
  'net.ipv4.conf.default.accept_redirects': 0,
  'net.ipv4.conf.all.send_redirects': 0,
  'net.ipv4.conf.default.send_redirects': 0,
  'net.ipv4.conf.all.accept_source_route': 0,
  'net.ipv4.conf.default.accept_source_route': 0,
  'net.ipv4.icmp_echo_ignore_broadcasts': 1,
  'net.ipv4.icmp_ignore_bogus_error_responses': 1,
};

/** These are the machine's, and a container may not set them. */
const KERNEL: Readonly<Record<string, number>> = {
  'fs.protected_fifos': 1,
  'fs.protected_hardlinks': 1,
  'fs.protected_regular': 2,
  'fs.protected_symlinks': 1,
  'fs.suid_dumpable': 0,
  'kernel.dmesg_restrict': 1,
  'kernel.kptr_restrict': 1,
  'kernel.randomize_va_space': 2,
};

function clock(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
