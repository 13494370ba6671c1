import { z } from 'zod';
import type { FileState } from '../facts/file.js';
import { PlanError } from '../model/errors.js';
import { absolutePath, accountName, fileMode } from '../model/options.js';
import { defineTask } from '../model/task.js';
import { reveal, Secret } from '../util/secret.js';
import { linePattern, planEdit, readForEdit } from './shared/editFile.js';
import { findBlock, withBlock, withoutBlock, type Markers } from './shared/editText.js';

const MARKER = '# {mark} managed by provision';

const options = z
  .strictObject({
    /** The file on the host. */
    path: absolutePath,
    /** The lines between the markers; a secret block is never shown. */
    block: z.union([z.string(), z.instanceof(Secret)]).optional(),
    /** The lines around the block: `{mark}` becomes BEGIN and END. Several blocks of one file need several markers. */
    marker: z
      .string()
      .regex(/^[^\n]*\{mark\}[^\n]*$/, 'expected one line with {mark} in it')
      .default(MARKER),
    /** `absent` removes the block with its markers. Default `present`. */
    state: z.enum(['present', 'absent']).default('present'),
    /** A regular expression: a new block goes after the last line that matches. `EOF`, the default, is the end of the file. */
    insertAfter: linePattern.optional(),
    /** A regular expression: a new block goes before the last line that matches. `BOF` is the beginning of the file. */
    insertBefore: linePattern.optional(),
    /** Make the file where it is missing. Default false: a missing file is an error. */
    create: z.boolean().default(false),
    /** Default: root for a new file, left as it is for one that is there. */
    owner: accountName.optional(),
    /** Default: root for a new file, left as it is for one that is there. */
    group: accountName.optional(),
    /** Octal text, such as `0640`. Default: 0644 for a new file, left as it is for one that is there. */
    mode: fileMode.optional(),
    /** A command that judges the new content before it is put in place; `%s` is the temporary file: `sshd -t -f %s`. */
    validate: z.string().includes('%s', { error: 'expected a command with %s where the file goes' }).optional(),
  })
  .refine((o) => o.state === 'absent' || o.block !== undefined, 'block: expected the lines that are to be there')
  .refine(
    (o) => o.block === undefined || !hasMarker(reveal(o.block), markersOf(o.marker)),
    'block: it holds a marker line of its own',
  )
  .refine(
    (o) => o.insertAfter === undefined || o.insertBefore === undefined,
    'expected at most one of insertAfter and insertBefore',
  );

/**
 * Lines between two marker lines in a file that has other owners too.
 * @example blockInFile({ path: '/etc/hosts', block: '10.0.0.11 web-01\n10.0.0.12 web-02\n' })
 */
export const blockInFile = defineTask({
  kind: 'blockInFile',
  options,
  subject: (o) => (o.marker === MARKER ? o.path : `${o.path}: ${o.marker}`),
  reads: (o) => ({ now: readForEdit(o.path) }),
  plan: (o, { now }) => {
    const markers = markersOf(o.marker);
    const { block } = o;
    if (findBlock(now.content ?? '', markers) === 'damaged') throw damaged(o.path, markers, now);
    if (o.state === 'absent' || block === undefined) {
      return now.type === 'absent' ? [] : planEdit({ ...o, change: (text) => withoutBlock(text, markers) }, now);
    }
    return planEdit({ ...o, change: (text) => withBlock(text, block, markers, o) }, now);
  },
});

function markersOf(marker: string): Markers {
  return { begin: marker.replaceAll('{mark}', 'BEGIN'), end: marker.replaceAll('{mark}', 'END') };
}

function hasMarker(block: string, { begin, end }: Markers): boolean {
  const lines = block.split('\n');
  return lines.includes(begin) || lines.includes(end);
}

function damaged(path: string, { begin, end }: Markers, now: FileState): PlanError {
  const lines = (now.content ?? '').split('\n');
  const numbers = (wanted: string) => lines.flatMap((line, index) => (line === wanted ? [index + 1] : [])).join(', ') || 'none';
  return new PlanError(
    `${path}: the markers of the block are not one pair ("${begin}": line ${numbers(begin)}; "${end}": line ${numbers(end)})`,
    { hint: 'mend the file by hand, or use another marker' },
  );
}
