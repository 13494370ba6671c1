import { z } from 'zod';
import { groupEntry, NO_ENTRY, userEntry } from '../facts/accounts.js';
import { sh, type Change } from '../model/change.js';
import { predictFrom } from '../model/fact.js';
import { accountName } from '../model/options.js';
import { defineTask } from '../model/task.js';
import type { Topic } from '../model/topic.js';
import { shellLine } from '../util/shell.js';

const options = z.strictObject({
  /** The group's name. */
  name: accountName,
  /** Its number. Default: the next free one for a new group, left as it is for one that is there. */
  gid: z.int().min(0).max(4_294_967_294).optional(),
  /** Take the number of a new group from the range for system groups. Default false. */
  system: z.boolean().default(false),
  /** `absent` removes the group. Default `present`. */
  state: z.enum(['present', 'absent']).default('present'),
});

/**
 * A group of the host.
 * @example group({ name: 'deploy', gid: 2000 })
 */
export const group = defineTask({
  kind: 'group',
  options,
  subject: (o) => o.name,
  reads: (o) => ({ now: groupEntry(o.name) }),
  plan: (o, { now }) => {
    // Users are in groups by name: another number is nothing to them.
    const touches: readonly Topic[] = [`group:${o.name}`];
    if (!now.exists) {
      if (o.state === 'absent') return [];
      const numbered = o.gid === undefined ? [] : ['--gid', String(o.gid)];
      const change: Change = {
        summary: o.gid === undefined ? 'create' : `create, gid ${o.gid}`,
        steps: [sh(shellLine('groupadd', ...(o.system ? ['--system'] : []), ...numbered, o.name))],
        touches,
        creates: [`group:${o.name}`],
        predicts: [groupEntry(o.name).predict({ exists: true, gid: o.gid })],
      };
      return [change];
    }
    if (o.state === 'absent') {
      const steps = [sh(shellLine('groupdel', o.name))] as const;
      // It goes only where it is nobody's primary group.
      const left = predictFrom(userEntry.every(), (now) => ({
        value: now.exists ? { ...now, groups: now.groups.filter((one) => one !== o.name) } : now,
      }));
      return [{ summary: 'remove', steps, touches, predicts: [groupEntry(o.name).predict(NO_ENTRY), left] }];
    }
    if (o.gid === undefined || o.gid === now.gid) return [];
    return [
      {
        summary: `gid ${now.gid ?? '?'} → ${o.gid}`,
        steps: [sh(shellLine('groupmod', '--gid', String(o.gid), o.name))],
        touches,
        predicts: [groupEntry(o.name).predict({ exists: true, gid: o.gid })],
      },
    ];
  },
});
