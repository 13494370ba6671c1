import { isIPv4 } from 'node:net';
import { z } from 'zod';
import type { Host } from 'provision/host';

/** Variables of a host's place in the site's network. */
export const networkVars = z.object({
  /** The address at which the site's other hosts reach this one, where that is not `ansible_host` (a private network, say). */
  internal_address: z.ipv4().optional(),
});

export type NetworkVars = z.output<typeof networkVars>;

/** Where other hosts of the site reach a host. */
export function addressOf(host: Host<NetworkVars>): string {
  return host.vars.internal_address ?? host.address;
}

/** The hosts as entries of /etc/hosts; those known only by a DNS name need none. */
export function hostsEntries(hosts: readonly Host<NetworkVars>[]): { address: string; names: string[] }[] {
  return hosts.flatMap((host) => (isIPv4(addressOf(host)) ? [{ address: addressOf(host), names: [host.name] }] : []));
}
