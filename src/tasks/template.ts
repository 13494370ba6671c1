import { z } from 'zod';
import { absolutePath, accountName, fileMode } from '../model/options.js';
import { defineTask } from '../model/task.js';
import { renderTemplate } from '../templates/render.js';
import { confirmLogin, unconfirmedOf, withConfirmedLogin } from './shared/confirmLogin.js';
import { folderFor, withFolder } from './shared/folders.js';
import { planTextFile, readTextFile } from './shared/textFile.js';

const options = z.strictObject({
  /** The EJS template, found in the project's `templates` folders: `haproxy.cfg.ejs`. */
  src: z.string(),
  /** Where the rendered file stands on the host. */
  path: absolutePath,
  /** The template's variables: `{ domain }` is `v.domain` there. */
  vars: z.record(z.string(), z.unknown()).default({}),
  /** Default: root for a new file, left as it is for one that is there. */
  owner: accountName.optional(),
  /** Default: root for a new file, left as it is for one that is there. */
  group: accountName.optional(),
  /** Octal text, such as `0640`. Default: 0644 for a new file, left as it is for one that is there. */
  mode: fileMode.optional(),
  /** A command that judges the new content before it is put in place; `%s` is the temporary file: `haproxy -c -f %s`. */
  validate: z.string().includes('%s', { error: 'expected a command with %s where the file goes' }).optional(),
  /** For what decides who can log in (sshd's configuration, sudoers): the host undoes the change unless a new login confirms it. */
  confirmLogin: confirmLogin.optional(),
});

/**
 * A file rendered from an EJS template on the controller, before any host is contacted.
 * @example template({ src: 'motd.ejs', path: '/etc/motd', vars: { domain: vars.domain } })
 */
export const template = defineTask({
  kind: 'template',
  options,
  subject: (o) => o.path,
  prepare: (o, { resolve }) => ({ text: renderTemplate(resolve(o.src, 'templates'), o.vars) }),
  reads: (o) => ({
    now: readTextFile(o.path, o.text),
    folder: folderFor(o.path),
    left: unconfirmedOf(`template ${o.path}`, o.confirmLogin),
  }),
  plan: (o, { now, folder, left }) => {
    const guard = { task: `template ${o.path}`, paths: [o.path], left };
    return withFolder(o.path, folder || now.type !== 'absent', withConfirmedLogin(o.confirmLogin, guard, planTextFile(o, now)));
  },
});
