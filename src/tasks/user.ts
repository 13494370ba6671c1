import { z } from 'zod';
import { groupEntry, userEntry } from '../facts/accounts.js';
import { fileState } from '../facts/file.js';
import { absolutePath, accountName } from '../model/options.js';
import { defineTask } from '../model/task.js';
import { reveal, Secret } from '../util/secret.js';
import { homeOf, planUser } from './shared/planUser.js';

const HASH = /^(\$[0-9a-z]+\$[^:\n]+|\*)$/;

const options = z
  .strictObject({
    /** The account's name. */
    name: accountName,
    /** Its number. Default: the next free one for a new account, left as it is for one that is there. */
    uid: z.int().min(0).max(4_294_967_294).optional(),
    /** The primary group, which is there or made by an earlier task. Default: a group of the account's own name. */
    group: accountName.optional(),
    /** Other groups that it is in; they are there or made by earlier tasks. */
    groups: z.array(accountName).optional(),
    /** Keep it in the groups that `groups` does not name. Default true; false: it is in those of `groups` only. */
    appendGroups: z.boolean().default(true),
    /** Its home. Default: /home/NAME for a new account, left as it is for one that is there. Files are not moved. */
    home: absolutePath.optional(),
    /** Make the home where it is missing. Default: for a new account that is no system account. */
    createHome: z.boolean().optional(),
    /** Default: /bin/bash for a new account, /usr/sbin/nologin for a system account, left as it is for one that is there. */
    shell: absolutePath.optional(),
    /** Make a new account a system account: a number from their range, no home, no login shell. Default false. */
    system: z.boolean().default(false),
    /** Usually the person's full name. */
    comment: z
      .string()
      .regex(/^[^:\n]*$/, 'expected one line without a colon')
      .optional(),
    /** The password's hash, as `openssl passwd -6` or `mkpasswd` print it; `*` for none. Default: a new account has none. */
    password: z
      .union([z.string(), z.instanceof(Secret)])
      .refine((hash) => HASH.test(reveal(hash)), 'expected a hash as `openssl passwd -6` prints it, not the password itself')
      .optional(),
    /** Forbid (true) or allow (false) the login by password; keys are not concerned. */
    locked: z.boolean().optional(),
    /** `absent` removes the account. Default `present`. */
    state: z.enum(['present', 'absent']).default('present'),
    /** With `state: 'absent'`: remove its home and mail too. Default false. */
    removeHome: z.boolean().default(false),
  })
  .refine((o) => o.state === 'absent' || !o.removeHome, "removeHome goes with state: 'absent'");

/**
 * A user account of the host.
 * @example user({ name: 'deploy', groups: ['www-data'], shell: '/bin/bash' })
 */
export const user = defineTask({
  kind: 'user',
  options,
  subject: (o) => o.name,
  reads: (o) => ({
    now: userEntry(o.name),
    own: groupEntry(o.name),
    primary: o.group === undefined ? [] : [groupEntry(o.group)],
    place: fileState({ path: homeOf(o) }),
    others: (o.groups ?? []).map((name) => groupEntry(name)),
  }),
  plan: (o, now) => planUser(o, now),
});
