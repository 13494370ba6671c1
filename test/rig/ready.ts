import { must, run } from './run.js';
import { sshArgv } from './ssh.js';
import type { RigState } from './state.js';
import { waitFor } from './wait.js';

/**
 * Waits until a host lets its user in and has finished its boot without a failed unit.
 * @throws Error that names the failed units.
 */
export async function ready(state: RigState, host: string): Promise<void> {
  const ssh = sshArgv(state, host);
  const outcome = await waitFor(`${host} lets ${state.name}'s user in`, 90_000, async () => {
    const attempt = await run([...ssh, 'systemctl is-system-running --wait']);
    return attempt.code === 255 ? undefined : attempt.stdout.trim(); // 255: sshd is there, the boot not yet far enough
  });
  if (outcome === 'running') return;
  const failed = await must([...ssh, 'systemctl --failed --no-legend --plain']);
  throw new Error(`${host} booted to "${outcome}" instead of "running"; failed units:\n${failed}`);
}
