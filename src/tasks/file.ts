import { z } from 'zod';
import { ABSENT, fileState, type FileState } from '../facts/file.js';
import { sh, type Change } from '../model/change.js';
import { PlanError } from '../model/errors.js';
import { absolutePath, accountName, fileMode } from '../model/options.js';
import { defineTask } from '../model/task.js';
import { readFileSync } from 'node:fs';
import { Secret } from '../util/secret.js';
import { quote } from '../util/shell.js';
import { confirmLogin, unconfirmedOf, withConfirmedLogin } from './shared/confirmLogin.js';
import { folderFor, withFolder } from './shared/folders.js';
import { openMarksAbove } from './shared/marksAbove.js';
import { onceKnown, planTextFile, predictFile, readTextFile } from './shared/textFile.js';

const options = z
  .strictObject({
    /** Where the file stands on the host. */
    path: absolutePath,
    /** The whole text of the file; a secret text is never shown. */
    content: z.union([z.string(), z.instanceof(Secret)]).optional(),
    /** A text file on the controller to copy, found in the project's `files` folders. For binaries and folders use `tree`. */
    src: z.string().optional(),
    /** `absent` removes the file. Default `present`. */
    state: z.enum(['present', 'absent']).default('present'),
    /** Default: root for a new file, left as it is for one that is there. */
    owner: accountName.optional(),
    /** Default: root for a new file, left as it is for one that is there. */
    group: accountName.optional(),
    /** Octal text, such as `0640`. Default: 0644 for a new file, left as it is for one that is there. */
    mode: fileMode.optional(),
    /** A command that judges the new content before it is put in place; `%s` is the temporary file: `visudo -cf %s`. */
    validate: z.string().includes('%s', { error: 'expected a command with %s where the file goes' }).optional(),
    /** For what decides who can log in (sshd's configuration, sudoers): the host undoes the change unless a new login confirms it. */
    confirmLogin: confirmLogin.optional(),
  })
  .refine(
    (o) => o.state === 'absent' || (o.content === undefined) !== (o.src === undefined),
    'expected exactly one of content and src',
  );

/**
 * A file with a given text, owner and mode; or no file at that path.
 * @example file({ path: '/etc/motd', content: 'Managed by provision.\n', mode: '0644' })
 */
export const file = defineTask({
  kind: 'file',
  options,
  subject: (o) => o.path,
  prepare: (o, { resolve }) => ({
    text: o.src === undefined ? (o.content ?? '') : readFileSync(resolve(o.src, 'files'), 'utf8'),
  }),
  reads: (o) => ({
    folder: folderFor(o.path),
    left: unconfirmedOf(`file ${o.path}`, o.confirmLogin),
    now: o.state === 'absent' ? fileState({ path: o.path, contentUnless: [] }) : readTextFile(o.path, o.text),
  }),
  plan: (o, { now, folder, left }) => {
    const changes = o.state === 'present' ? planTextFile(o, now) : planRemoval(o.path, now);
    const guard = { task: `file ${o.path}`, paths: [o.path], left };
    const all = withConfirmedLogin(o.confirmLogin, guard, changes);
    return o.state === 'present' ? withFolder(o.path, folder || now.type !== 'absent', all) : all;
  },
});

function planRemoval(path: string, now: FileState): readonly Change[] {
  if (now.type === 'absent') return [];
  if (now.type === 'directory')
    throw new PlanError(`${path} is a directory, not a file`, { hint: "use directory({ …, state: 'absent' })" });
  return onceKnown(now, [
    {
      summary: 'remove',
      diff: { before: now.type === 'file' ? now.content : undefined, after: undefined },
      steps: [sh(`rm -f -- ${quote(path)}`)],
      touches: [`path:${path}`],
      predicts: [predictFile({ path }, ABSENT), ...openMarksAbove(path, path)],
    },
  ]);
}
