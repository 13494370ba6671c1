import { RUN_DIRECTORY } from '../scripts.js';

/**
 * What a throwaway copy knows of itself, seen from inside it: `token`, `layers` (a line a file system: number, tab, where
 * it is mounted), `lower/N` (that file system as it really is, read-only) and `upper/N` (what was written over it).
 */
export const COPY_DIRECTORY = `${RUN_DIRECTORY}/rehearsal`;

/** What the copy brings along that the host does not have: no service is started, and systemctl knows that systemd is away. */
export const POLICY_PROGRAM = '/usr/sbin/policy-rc.d';
export const SYSTEMCTL_PROGRAM = '/usr/local/sbin/systemctl';
