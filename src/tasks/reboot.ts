import { z } from 'zod';
import { rebootState } from '../facts/reboot.js';
import { absolutePath } from '../model/options.js';
import { defineTask } from '../model/task.js';

const options = z.strictObject({
  /** Reboot when packages ask for it or a newer kernel is installed. Default true. */
  whenRequired: z.boolean().default(true),
  /** Files that only a boot puts to use: reboot when one was changed since the last: `['/etc/default/grub']`. */
  changedSinceBoot: z.array(absolutePath).default([]),
  /** Longest wait until the host answers again, in seconds. Default 600. */
  timeoutSeconds: z.number().int().min(10).default(600),
});

/**
 * A reboot, only where one is due; the run goes on when the host is back. Put a play's `serial` around it where not all
 * hosts may be away at once.
 * @example reboot({})
 * @example reboot({ whenRequired: false, changedSinceBoot: ['/boot/cmdline.txt'] })
 */
export const reboot = defineTask({
  kind: 'reboot',
  options,
  subject: (o) => (o.changedSinceBoot.length === 0 ? 'when required' : `for ${o.changedSinceBoot.join(', ')}`),
  reads: (o) => ({ now: rebootState(o.changedSinceBoot) }),
  plan: (o, { now }) => {
    const why = [...(o.whenRequired ? now.reasons : []), ...now.changed.map((path) => `${path} was changed`)];
    if (why.length === 0) return [];
    return [
      {
        summary: `reboot: ${why.join('; ')}`,
        steps: [{ kind: 'reboot', timeoutSeconds: o.timeoutSeconds }],
        live: true,
        predicts: [rebootState(o.changedSinceBoot).predict({ reasons: [], changed: [] })],
      },
    ];
  },
});
