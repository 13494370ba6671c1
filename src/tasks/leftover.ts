import { z } from 'zod';
import { groupEntry, userEntry } from '../facts/accounts.js';
import { fileState, type FileState } from '../facts/file.js';
import { unitState } from '../facts/units.js';
import { sh, type Change } from '../model/change.js';
import { defineTask } from '../model/task.js';
import type { Topic } from '../model/topic.js';
import { quote } from '../util/shell.js';

const options = z
  .strictObject({
    /** What is to go: `path:/etc/old.conf`, `unit:old.service`, `user:old` or `group:old`. */
    topic: z.custom<Topic>(
      (topic) => typeof topic === 'string' && /^(path:\/.|unit:.|user:.|group:.)/.test(topic),
      'expected path:, unit:, user: or group: with a name',
    ),
    /** Remove a folder with all that is in it. Default false: only an empty one goes. */
    recursive: z.boolean().default(false),
  })
  .transform((o) => ({
    ...o,
    kind: o.topic.slice(0, o.topic.indexOf(':')),
    name: o.topic.slice(o.topic.indexOf(':') + 1).replace(/(?<=.)\/+$/, ''),
  }));

/**
 * Something that an earlier run made and that is to go: a file, a link, a folder, a unit, a user or a group. A folder
 * that is not empty stays, unless `recursive` says otherwise; a user's home and files stay.
 * @example leftover({ topic: 'path:/etc/motd.old' })
 */
export const leftover = defineTask({
  kind: 'leftover',
  options,
  subject: (o) => o.topic,
  reads: (o) => ({
    files: o.kind === 'path' ? [fileState({ path: o.name, contentUnless: [] })] : [],
    units: o.kind === 'unit' ? [unitState(o.name)] : [],
    accounts: o.kind === 'user' ? [userEntry(o.name)] : [],
    groups: o.kind === 'group' ? [groupEntry(o.name)] : [],
  }),
  plan: (o, { files, units, accounts, groups }) => [
    ...files.flatMap((now) => removePath(o.name, now, o.recursive)),
    ...units
      .filter((unit) => unit.load !== 'not-found' && (unit.active !== 'inactive' || unit.enabled === 'enabled'))
      .map((): Change => ({
        summary: 'stop and disable',
        steps: [sh(`systemctl disable -q --now -- ${quote(o.name)}`)],
        touches: [`unit:${o.name}`, `loaded:${o.name}`],
        live: true,
      })),
    ...accounts
      .filter(({ exists }) => exists)
      .map((): Change => ({
        summary: 'remove the user',
        steps: [sh(`userdel -- ${quote(o.name)}`)],
        touches: ['user:*', 'group:*'],
      })),
    ...groups
      .filter(({ exists }) => exists)
      .map((): Change => ({
        summary: 'remove the group',
        steps: [sh(`groupdel -- ${quote(o.name)}`)],
        touches: ['user:*', 'group:*'],
      })),
  ],
});

function removePath(path: string, now: FileState, recursive: boolean): readonly Change[] {
  if (now.type === 'absent') return [];
  const isUnit = path.startsWith('/etc/systemd/system/');
  const touches: readonly Topic[] = [`path:${path}/**`, ...(isUnit ? (['unit:*'] as const) : [])];
  if (now.type === 'directory') {
    return recursive
      ? [{ summary: 'remove the folder with all in it', steps: [sh(`rm -rf --one-file-system -- ${quote(path)}`)], touches }]
      : [
          {
            summary: 'remove the folder if it is empty by then',
            steps: [sh(`rmdir --ignore-fail-on-non-empty -- ${quote(path)}`)],
            touches,
            verify: false,
          },
        ];
  }
  const reload = isUnit ? '\nsystemctl daemon-reload' : '';
  return [
    {
      summary: now.type === 'link' ? 'remove the link' : 'remove the file',
      // Whether it holds a secret is forgotten by now: what not everybody may read on the host is not shown.
      ...(now.content !== undefined && /[4567]$/.test(now.mode) ? { diff: { before: now.content, after: undefined } } : {}),
      steps: [sh(`rm -f -- ${quote(path)}${reload}`)],
      touches,
    },
  ];
}
