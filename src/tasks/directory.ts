import { z } from 'zod';
import { ABSENT, fileState, type FileState } from '../facts/file.js';
import { isFolder } from '../facts/folder.js';
import { sh, type Change } from '../model/change.js';
import { PlanError } from '../model/errors.js';
import { absolutePath, accountName, fileMode } from '../model/options.js';
import { defineTask } from '../model/task.js';
import { quote } from '../util/shell.js';
import { ownershipDifferences, ownershipScript, withOwnership } from './shared/ownership.js';
import { folderFor, folderThere, withFolder } from './shared/folders.js';
import { ancestors } from './shared/paths.js';
import { predictFile } from './shared/textFile.js';

/** Folders that no playbook means to remove with all that is in them. */
const SYSTEM_FOLDERS = /^\/(bin|boot|dev|etc|home|lib|lib32|lib64|libx32|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)?$/;

const options = z
  .strictObject({
    /** Where the directory stands on the host. */
    path: absolutePath,
    /** `absent` removes the directory with all that is in it (on its own file system only). Default `present`. */
    state: z.enum(['present', 'absent']).default('present'),
    /** Default: root for a new directory, left as it is for one that is there. */
    owner: accountName.optional(),
    /** Default: root for a new directory, left as it is for one that is there. */
    group: accountName.optional(),
    /** Octal text, such as `0750`. Default: 0755 for a new directory, left as it is for one that is there. */
    mode: fileMode.optional(),
    /** Also make the directories above it that are missing, as root with mode 0755. Default false: a missing one is an error. */
    parents: z.boolean().default(false),
  })
  .refine((o) => o.state === 'present' || !SYSTEM_FOLDERS.test(o.path), 'path: this would remove a folder of the system itself');

/**
 * A directory with its owner and mode; or no directory at that path.
 * @example directory({ path: '/srv/app/releases', owner: 'app', group: 'app', mode: '0750', parents: true })
 */
export const directory = defineTask({
  kind: 'directory',
  options,
  subject: (o) => o.path,
  reads: (o) => ({
    now: fileState({ path: o.path }),
    folder: o.parents ? [] : [folderFor(o.path)],
    above: o.state === 'present' && o.parents ? ancestors(o.path).map((path) => fileState({ path })) : [],
  }),
  plan: (o, { now, above, folder: [folder = true] }) => {
    if (now.type !== 'absent' && now.type !== 'directory') throw notDirectory(o.path, now);
    if (o.state === 'absent') return now.type === 'absent' ? [] : [removal(o.path)];
    const missing = now.type === 'absent' ? ancestors(o.path).filter((_, index) => above[index]?.type === 'absent') : [];
    const differences = now.type === 'directory' ? ownershipDifferences(o, now) : [];
    if (now.type === 'directory' && differences.length === 0) return [];
    const after: FileState = { type: 'directory', ...withOwnership(o, now, '0755'), size: 0 };
    const made: FileState = { type: 'directory', mode: '0755', owner: 'root', group: 'root', size: 0 };
    const paths = now.type === 'absent' ? [...missing, o.path] : [];
    const script = [
      ...paths.map((path) => `mkdir -m ${path === o.path ? (o.mode ?? '0755') : '0755'} -- ${quote(path)}`),
      ownershipScript(o.path, o),
    ];
    return withFolder(o.path, folder || now.type !== 'absent', [
      {
        summary:
          now.type === 'absent' ? `create${missing.length === 0 ? '' : ' with the folders above'}` : differences.join(', '),
        steps: [sh(script.filter((line) => line !== '').join('\n'))],
        touches: [...missing, o.path].map((path) => `path:${path}` as const),
        creates: paths.map((path) => `path:${path}` as const),
        predicts: [
          ...missing.map((path) => predictFile({ path }, made)),
          predictFile({ path: o.path }, after),
          ...folderThere(o.path),
        ],
      },
    ]);
  },
});

function removal(path: string): Change {
  return {
    summary: 'remove with all that is in it',
    steps: [sh(`rm -rf --one-file-system -- ${quote(path)}`)],
    touches: [`path:${path}/**`, `entries:${path}/**`],
    predicts: [predictFile({ path }, ABSENT), isFolder(path).predict(false)],
  };
}

function notDirectory(path: string, now: FileState): PlanError {
  if (now.type === 'link') {
    return new PlanError(`${path} is a link to ${now.target ?? 'somewhere'}, not a directory`, {
      hint: "name the directory that it leads to, or remove it first with link({ …, state: 'absent' })",
    });
  }
  return new PlanError(`${path} is a ${now.type === 'file' ? 'file' : 'special file'}, not a directory`, {
    hint: "remove it first with file({ …, state: 'absent' }), or name another path",
  });
}
