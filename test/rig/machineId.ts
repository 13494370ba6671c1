import { readFile } from 'node:fs/promises';
import type { Say } from './options.js';
import { must } from './run.js';

/** Gives this machine an id where it has none (an image that was never booted): nspawn derives network addresses from it. */
export async function ensureMachineId(say: Say): Promise<void> {
  const id = await readFile('/etc/machine-id', 'utf8').catch(() => '');
  if (/^[0-9a-f]{32}$/m.test(id)) return;
  say('this machine has no /etc/machine-id: making one');
  await must(['systemd-machine-id-setup']);
}
