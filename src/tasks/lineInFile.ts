import { z } from 'zod';
import { absolutePath, accountName, fileMode } from '../model/options.js';
import { defineTask } from '../model/task.js';
import { mask, reveal, Secret } from '../util/secret.js';
import { linePattern, planEdit, readForEdit } from './shared/editFile.js';
import { withLine, withoutLine } from './shared/editText.js';

const options = z
  .strictObject({
    /** The file on the host. */
    path: absolutePath,
    /** The line, without its newline; a secret one is never shown. With `state: 'absent'`: lines equal to it are removed. */
    line: z.union([z.string(), z.instanceof(Secret)]).optional(),
    /** A regular expression: the last line that matches becomes `line`; with `state: 'absent'` each line that matches is removed. */
    match: linePattern.optional(),
    /** `absent` removes lines. Default `present`. */
    state: z.enum(['present', 'absent']).default('present'),
    /** A regular expression: a new line goes after the last line that matches. `EOF`, the default, is the end of the file. */
    insertAfter: linePattern.optional(),
    /** A regular expression: a new line goes before the last line that matches. `BOF` is the beginning of the file. */
    insertBefore: linePattern.optional(),
    /** Make the file where it is missing. Default false: a missing file is an error. */
    create: z.boolean().default(false),
    /** Default: root for a new file, left as it is for one that is there. */
    owner: accountName.optional(),
    /** Default: root for a new file, left as it is for one that is there. */
    group: accountName.optional(),
    /** Octal text, such as `0640`. Default: 0644 for a new file, left as it is for one that is there. */
    mode: fileMode.optional(),
    /** A command that judges the new content before it is put in place; `%s` is the temporary file: `visudo -cf %s`. */
    validate: z.string().includes('%s', { error: 'expected a command with %s where the file goes' }).optional(),
  })
  .refine((o) => o.state === 'absent' || o.line !== undefined, 'line: expected the line that is to be there')
  .refine((o) => o.line !== undefined || o.match !== undefined, 'expected line or match, to say which lines to remove')
  .refine(
    (o) => o.line === undefined || !reveal(o.line).includes('\n'),
    'line: expected a single line; for several use blockInFile',
  )
  .refine(
    (o) => o.insertAfter === undefined || o.insertBefore === undefined,
    'expected at most one of insertAfter and insertBefore',
  );

/**
 * One line of a file that has other owners too. Where the whole file is yours, a template is the better kind.
 * @example lineInFile({ path: '/etc/ssh/sshd_config', match: '^#?PasswordAuthentication ', line: 'PasswordAuthentication no', validate: 'sshd -t -f %s' })
 */
export const lineInFile = defineTask({
  kind: 'lineInFile',
  options,
  subject: (o) => `${o.path}: ${o.line === undefined ? (o.match ?? '') : mask(o.line)}`,
  reads: (o) => ({ now: readForEdit(o.path) }),
  plan: (o, { now }) => {
    const { line } = o;
    if (o.state === 'absent' || line === undefined) {
      return now.type === 'absent' ? [] : planEdit({ ...o, change: (text) => withoutLine(text, o) }, now);
    }
    return planEdit({ ...o, change: (text) => withLine(text, { ...o, line }) }, now);
  },
});
