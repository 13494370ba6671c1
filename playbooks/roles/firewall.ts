import { z } from 'zod';
import type { TaskContext, TaskList } from 'provision/playbook';
import type { Service } from 'provision/service';
import { directory } from 'provision/tasks/directory';
import { firewall as firewallTask } from 'provision/tasks/firewall';
import { packages } from 'provision/tasks/packages';
import { service } from 'provision/tasks/service';
import { systemdUnit } from 'provision/tasks/systemdUnit';
import { acceptedOn } from './firewallRules.js';
import { networkVars } from './network.js';

const source = z.string().min(1);

/** Variables of the packet filter that every host gets. */
export const firewallVars = z.object({
  ...networkVars.shape,
  /** Drop all that comes in but for what the site's services need. False removes the rules. */
  firewall_enabled: z.boolean().default(true),
  /** Where operators work: the addresses and networks that may log in by SSH and see what is for operators (the statistics page). Default: SSH from anywhere, but not too often; the rest through SSH only. */
  firewall_control: z.array(source).default([]),
  /** Where SSH is open to anywhere: how many new connections a minute from one address. */
  firewall_ssh_per_minute: z.number().int().min(1).max(10_000).default(60),
  /** More open ports, of what the playbook does not know of. */
  firewall_open: z
    .array(
      z.strictObject({
        /** The port's number. */
        port: z.number().int().min(1).max(65535),
        /** Which protocol it is of. */
        protocol: z.enum(['tcp', 'udp']).default('tcp'),
        /** Addresses and networks that may connect. Default: anybody. */
        from: z.array(source).default([]),
      }),
    )
    .default([]),
  /** How long a new login has to confirm new rules, in seconds, before a host brings the old ones back. */
  firewall_confirm_seconds: z.number().int().min(5).max(600).default(30),
});

type FirewallVars = z.output<typeof firewallVars>;

const FOLDER = '/etc/nftables.d';
const RULES_FILE = `${FOLDER}/provision.nft`;

const UNIT = `[Unit]
Description=Packet filter of provision
Documentation=man:nft(8)
Wants=network-pre.target
Before=network-pre.target shutdown.target
After=nftables.service
Conflicts=shutdown.target
DefaultDependencies=no

[Service]
Type=oneshot
RemainAfterExit=yes
StandardInput=null
ProtectSystem=full
ProtectHome=true
ExecStart=/usr/sbin/nft -f ${RULES_FILE}
ExecReload=/usr/sbin/nft -f ${RULES_FILE}
ExecStop=-/usr/sbin/nft delete table inet provision

[Install]
WantedBy=sysinit.target
`;

/** Debian's own unit begins with removing all tables: after it, this one is there again. */
const AFTER_FLUSH = `[Service]
ExecStartPost=-/usr/sbin/nft -f ${RULES_FILE}
ExecReload=-/usr/sbin/nft -f ${RULES_FILE}
`;

/** The packet filter: all that comes in is dropped but for SSH and what the services' clients need. */
export function firewall({ host, vars, hosts }: TaskContext<FirewallVars, 'lb'>, services: readonly Service[]): TaskList {
  if (!vars.firewall_enabled) {
    return [
      firewallTask({ state: 'absent' }),
      systemdUnit({ name: 'provision-firewall', state: 'absent' }),
      systemdUnit({ name: 'nftables', dropIn: 'provision.conf', state: 'absent' }),
    ];
  }
  return [
    packages({ names: ['nftables'] }, { tags: ['packages'] }),
    directory({ path: FOLDER }),
    firewallTask({
      accept: acceptedOn(host, {
        hosts: hosts('all'),
        balancers: hosts('lb'),
        services,
        control: vars.firewall_control,
        open: vars.firewall_open,
      }),
      sshFrom: vars.firewall_control,
      sshPerMinute: vars.firewall_ssh_per_minute,
      confirmSeconds: vars.firewall_confirm_seconds,
    }),
    systemdUnit({ name: 'nftables', dropIn: 'provision.conf', content: AFTER_FLUSH }),
    systemdUnit({ name: 'provision-firewall', content: UNIT }),
    service({ name: 'provision-firewall', enabled: true, state: 'running' }),
  ];
}
