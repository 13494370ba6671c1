import type { Host } from 'provision/host';

/** The groups that say what a host of the site is for. */
export type SiteGroup = 'lb' | 'web' | 'db' | 'mon';

/** All of them, in the order in which a request passes them. */
export const SITE_GROUPS: readonly SiteGroup[] = ['lb', 'web', 'db', 'mon'];

/** Whether a host is for something. A group that no host is in may be missing from the inventory. */
export function isFor(host: Pick<Host, 'groups'>, group: SiteGroup): boolean {
  return host.groups.includes(group);
}
