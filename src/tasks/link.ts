import { z } from 'zod';
import { ABSENT, fileState, type FileState } from '../facts/file.js';
import { sh } from '../model/change.js';
import { PlanError } from '../model/errors.js';
import { absolutePath } from '../model/options.js';
import { defineTask } from '../model/task.js';
import { linkScript } from './shared/link.js';
import { predictFile } from './shared/textFile.js';
import { quote } from '../util/shell.js';

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
  reads: (o) => ({ now: fileState({ path: o.path, ...(o.force ? { contentUnless: [] } : {}) }) }),
  plan: (o, { now }) => {
    const touches = [`path:${o.path}/**`] as const;
    if (now.type !== 'absent' && now.type !== 'link' && !(now.type === 'file' && o.force)) throw inTheWay(o.path, now);
    if (o.target === undefined) {
      if (now.type === 'absent') return [];
      return [
        {
          summary: now.type === 'link' ? `remove (led to ${now.target ?? ''})` : 'remove the file',
          diff: { before: textOf(now), after: undefined },
          steps: [sh(`rm -f -- ${quote(o.path)}`)],
          touches,
          predicts: [predictFile({ path: o.path }, ABSENT)],
        },
      ];
    }
    if (now.type === 'link' && now.target === o.target) return [];
    const after: FileState = {
      type: 'link',
      mode: '0777',
      owner: 'root',
      group: 'root',
      size: Buffer.byteLength(o.target),
      target: o.target,
    };
    return [
      {
        summary: {
          absent: `create, to ${o.target}`,
          link: `${now.target ?? ''} → ${o.target}`,
          file: `replace file by link to ${o.target}`,
        }[now.type],
        diff: { before: textOf(now), after: `-> ${o.target}\n` },
        steps: [sh(linkScript(o.path, o.target))],
        touches,
        predicts: [predictFile({ path: o.path }, after)],
      },
    ];
  },
});

function textOf(now: FileState): string | undefined {
  return now.type === 'link' ? `-> ${now.target ?? ''}\n` : now.content;
}

function inTheWay(path: string, now: FileState): PlanError {
  const what = now.type === 'other' ? 'special file' : now.type;
  return new PlanError(`${path} is a ${what}, not a link`, {
    hint: now.type === 'file' ? 'force: true replaces a file; or name another path' : 'remove it first, or name another path',
  });
}
