import { z } from 'zod';
import { hostname as liveHostname } from '../facts/hostname.js';
import { sh, type Change } from '../model/change.js';
import { hostName } from './shared/hostNames.js';
import { defineTask } from '../model/task.js';
import { quote } from '../util/shell.js';
import { planTextFile, readTextFile } from './shared/textFile.js';

const PATH = '/etc/hostname';

/**
 * The host's name, now and after a boot. Let `hosts` give the name an address before, or sudo complains.
 * @example hostname({ name: host.name })
 */
export const hostname = defineTask({
  kind: 'hostname',
  options: z.strictObject({
    /** The name: `web-01`, or with a domain, `web-01.example.com`. */
    name: hostName.max(64, 'expected at most 64 characters, which is what the kernel takes'),
  }),
  subject: (o) => o.name,
  reads: (o) => ({ now: readTextFile(PATH, `${o.name}\n`), live: liveHostname }),
  plan: (o, { now, live }): readonly Change[] => [
    ...planTextFile({ path: PATH, text: `${o.name}\n`, mode: '0644' }, now),
    ...(live === o.name
      ? []
      : [
          {
            summary: `${live} → ${o.name}`,
            diff: { before: `${live}\n`, after: `${o.name}\n` },
            steps: [sh(`hostname -- ${quote(o.name)}`)] as const,
            live: true,
            touches: ['hostname:live'] as const,
            predicts: [liveHostname.predict(o.name)],
          },
        ]),
  ],
});
