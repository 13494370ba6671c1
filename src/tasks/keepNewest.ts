import { z } from 'zod';
import { folderEntries } from '../facts/entries.js';
import { sh } from '../model/change.js';
import { absolutePath } from '../model/options.js';
import { defineTask } from '../model/task.js';
import { quote } from '../util/shell.js';

const options = z.strictObject({
  /** The folder on the host whose entries are counted: files, folders and links, but no hidden ones. */
  path: absolutePath.refine((path) => path !== '/', 'expected a folder of its own, not /'),
  /** How many of them stay, those of `always` among them. */
  keep: z.number().int().min(1),
  /**
   * Names that stay in any case, and count as there: what the same run puts into the folder, and what is in use. Where
   * they are more than `keep`, no other one stays.
   */
  always: z.array(z.string().regex(/^[^/\0\n]+$/, "expected an entry's name, not a path")).default([]),
});

/**
 * Only the newest entries of a folder, by the time of their last change: old releases, dumps or logs go, with all in them.
 * @example keepNewest({ path: '/srv/app/releases', keep: 5, always: ['v2'] })
 */
export const keepNewest = defineTask({
  kind: 'keepNewest',
  options,
  subject: (o) => o.path,
  reads: (o) => ({ now: folderEntries(o.path) }),
  plan: (o, { now }) => {
    const always = [...new Set(o.always)];
    const others = now.filter((name) => !always.includes(name));
    const room = Math.max(0, o.keep - always.length);
    const old = others.slice(room);
    if (old.length === 0) return [];
    const kept = now.filter((name) => !old.includes(name));
    const paths = old.map((name) => `${o.path}/${name}`);
    return [
      {
        summary: `remove ${old.join(', ')}`,
        diff: { before: listing(old), after: undefined },
        steps: [sh(`rm -rf --one-file-system -- ${paths.map(quote).join(' ')}`)],
        touches: [`entries:${o.path}`, ...paths.map((path) => `path:${path}/**` as const)],
        predicts: [folderEntries(o.path).predict(kept)],
      },
    ];
  },
});

function listing(names: readonly string[]): string {
  return names
    .toSorted()
    .map((name) => `${name}\n`)
    .join('');
}
