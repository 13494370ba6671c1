import { z } from 'zod';
import { fileState } from '../facts/file.js';
import { PlanError } from '../model/errors.js';
import { absolutePath } from '../model/options.js';
import { defineTask } from '../model/task.js';
import { folderFor, withFolder } from './shared/folders.js';
import { planLink, planNoFile } from './shared/link.js';

const options = z
  .strictObject({
    /** Where the link stands on the host. */
    path: absolutePath,
    /** What the link says: an absolute path, or one relative to the link's own folder. It need not exist. */
    target: z
      .string()
      .regex(/^[^\0\n]+$/, 'expected a path')
      .optional(),
    /** `absent` removes the link, never what it leads to. Default `present`. */
    state: z.enum(['present', 'absent']).default('present'),
    /** Also replace a file that stands at the path. A directory is never replaced. Default false: it is an error. */
    force: z.boolean().default(false),
  })
  .refine((o) => (o.state === 'present') === (o.target !== undefined), 'expected target for a link that is to be present only');

/**
 * A symbolic link, replaced in one step where it leads elsewhere; or no link at that path.
 * @example link({ path: '/srv/app/current', target: 'releases/42' })
 */
export const link = defineTask({
  kind: 'link',
  options,
  subject: (o) => o.path,
  reads: (o) => ({
    now: fileState({ path: o.path, ...(o.force ? { contentUnless: [] } : {}) }),
    folder: folderFor(o.path),
  }),
  plan: (o, { now, folder }) => {
    if (o.target !== undefined) {
      const changes = planLink({ path: o.path, target: o.target, force: o.force }, now);
      return withFolder(o.path, folder || now.type !== 'absent', changes);
    }
    if (now.type === 'file' && !o.force) {
      throw new PlanError(`${o.path} is a file, not a link`, { hint: "remove it with file({ …, state: 'absent' })" });
    }
    return planNoFile(o.path, now);
  },
});
