import { GUARD_DIRECTORY } from '../../../src/facts/unconfirmed.js';
import type { Rig } from '../../rig/rig.js';
import { root } from './root.js';

/** What a guard that waits has on a host, also for the next boot. */
const GUARDS = `${GUARD_DIRECTORY}/armed-* ${GUARD_DIRECTORY}/undoing-* /etc/systemd/system/*/provision-guard.service`;

/** Cuts a host's power as soon as a command succeeds there: between a change and its confirmation. */
export async function rebootWhen(rig: Rig, host: string, command: string): Promise<void> {
  const script = `until ${command}; do sleep 0.02; done; systemctl reboot --force --force`;
  await root(rig, host, `systemd-run --quiet --collect sh -c '${script}'`);
}

/** What tells a host's boots from each other. */
export function bootOf(rig: Rig, host: string): Promise<string> {
  return root(rig, host, 'cat /proc/sys/kernel/random/boot_id');
}

/** The guards that wait on a host, or `none`. */
export function waitingGuards(rig: Rig, host: string): Promise<string> {
  return root(rig, host, `ls -d ${GUARDS} 2>/dev/null || echo none`);
}
