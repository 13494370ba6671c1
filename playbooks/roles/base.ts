import { z } from 'zod';
import type { Virtualization } from 'provision/facts/virtualization';
import type { TaskContext, TaskList } from 'provision/playbook';
import { hostname } from 'provision/tasks/hostname';
import { hosts as hostsFile } from 'provision/tasks/hosts';
import { packages } from 'provision/tasks/packages';
import { service } from 'provision/tasks/service';
import { hostsEntries, networkVars } from './network.js';

/** Variables of what every host gets. */
export const baseVars = z.object({
  ...networkVars.shape,
  /** More packages for every host. */
  base_packages: z.array(z.string()).default([]),
  /** Set the host's name to its name in the inventory. */
  manage_hostname: z.boolean().default(true),
});

/** What every host gets: its name, the names of the others, a synchronised clock, log rotation. */
export function base({
  host,
  vars,
  hosts,
  facts,
}: TaskContext<z.output<typeof baseVars>, never, { virtualization: Virtualization }>): TaskList {
  return [
    hostname({ name: host.name }, { when: vars.manage_hostname }),
    hostsFile({ entries: hostsEntries(hosts('all')) }),
    packages({ names: ['ca-certificates', 'logrotate', 'systemd-timesyncd', ...vars.base_packages] }),
    // A container has its machine's clock: the unit's own condition keeps it from running there.
    service({
      name: 'systemd-timesyncd',
      enabled: true,
      ...(facts.virtualization.container ? {} : { state: 'running' as const }),
    }),
    service({ name: 'logrotate.timer', enabled: true, state: 'running' }),
  ];
}
