import { setTimeout as delay } from 'node:timers/promises';
import type { RebootStep } from '../model/change.js';
import { TaskError, type ProvisionError } from '../model/errors.js';
import type { Session } from '../model/session.js';

const BOOT_ID = 'cat /proc/sys/kernel/random/boot_id';
const PAUSE_MILLISECONDS = 1000;

/** Reboots a host and waits until it answers with another boot id. */
export async function rebootHost(session: Session, { timeoutSeconds }: RebootStep): Promise<ProvisionError | undefined> {
  const before = await bootId(session);
  // Detached, so that the answer is sent before the connection goes.
  await session.read(['(sleep 1; systemctl reboot) >/dev/null 2>&1 </dev/null &']);
  const end = Date.now() + timeoutSeconds * 1000;
  while (Date.now() < end) {
    await delay(PAUSE_MILLISECONDS);
    const now = await bootId(session).catch(() => before);
    if (now !== before) return undefined;
  }
  return new TaskError(`it did not come back within ${timeoutSeconds} s of its reboot`, { hint: 'see its console' });
}

async function bootId(session: Session): Promise<string> {
  const [result] = await session.read([BOOT_ID]);
  return result?.stdout.trim() ?? '';
}
