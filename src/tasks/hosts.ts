import { z } from 'zod';
import { defineTask } from '../model/task.js';
import { planEdit, readForEdit } from './shared/editFile.js';
import { hostAlias, hostsText, ipAddress } from './shared/hostNames.js';

const PATH = '/etc/hosts';

const options = z.strictObject({
  /**
   * Addresses and their names, the first of which is the canonical one. Debian's own line for a host without a fixed
   * address is `{ address: '127.0.1.1', names: [name] }`. An empty list removes the block.
   */
  entries: z.array(
    z.strictObject({
      /** IPv4 or IPv6. */
      address: ipAddress,
      /** One or more. */
      names: z.array(hostAlias).min(1),
    }),
  ),
});

/**
 * Names in /etc/hosts, in a marked block; the rest of the file stays, without those names.
 * @example hosts({ entries: [{ address: '10.0.0.21', names: ['web-01', 'www.example.org'] }] })
 */
export const hosts = defineTask({
  kind: 'hosts',
  options,
  subject: () => PATH,
  reads: () => ({ now: readForEdit(PATH) }),
  plan: (o, { now }) => planEdit({ path: PATH, create: true, change: (text) => hostsText(text, o.entries) }, now),
});
