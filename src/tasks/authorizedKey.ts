import { z } from 'zod';
import { authorizedKeys, type AuthorizedKeys, type KeyPath } from '../facts/authorizedKeys.js';
import { sh, type Step } from '../model/change.js';
import { PlanError } from '../model/errors.js';
import { accountName } from '../model/options.js';
import { defineTask } from '../model/task.js';
import { textDiff } from '../util/diff.js';
import { quote } from '../util/shell.js';
import { folderThere } from './shared/folders.js';
import { parseKeyLine, withKeys, withoutKeys } from './shared/keyLines.js';

const keyLine = z
  .string()
  .trim()
  .refine(
    (line) => !line.includes('\n') && parseKeyLine(line) !== undefined,
    'expected one public key, as the line of a .pub file: ssh-ed25519 AAAA… comment',
  );

const options = z
  .strictObject({
    /** Who may log in with the keys. The account is there, or made by an earlier task. */
    user: accountName,
    /** One public key, as the line of a .pub file. */
    key: keyLine.optional(),
    /** Several public keys. */
    keys: z.array(keyLine).optional(),
    /** These keys are the only ones: all else in the file goes. Default false. */
    exclusive: z.boolean().default(false),
    /** What sshd should restrict the keys to, for those that do not say so themselves: `from="10.0.0.0/8",no-pty`. */
    options: z
      .string()
      .regex(/^[^\n]*\S[^\n]*$/, 'expected options as sshd(8) describes them')
      .optional(),
    /** `absent` removes the keys. Default `present`. */
    state: z.enum(['present', 'absent']).default('present'),
  })
  .refine((o) => (o.key === undefined) !== (o.keys === undefined), 'expected exactly one of key and keys')
  .refine((o) => o.exclusive || o.key !== undefined || o.keys?.length !== 0, 'keys: expected at least one, or exclusive: true')
  .refine((o) => !o.exclusive || o.state === 'present', "exclusive goes with state: 'present'")
  .transform(({ key, keys, ...rest }) => ({ ...rest, keys: keys ?? (key === undefined ? [] : [key]) }));

/**
 * Public keys that may log in as a user, in `~/.ssh/authorized_keys`; folder and file belong to the user and nobody else
 * may write them.
 * @example authorizedKey({ user: 'deploy', key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI… ada@example.org' })
 */
export const authorizedKey = defineTask({
  kind: 'authorizedKey',
  options,
  subject: (o) => `${o.user}: ${o.exclusive ? 'all keys' : o.keys.map(nameOf).join(', ')}`,
  reads: (o) => ({ now: authorizedKeys(o.user) }),
  plan: (o, { now }) => {
    if (!now.exists) {
      if (o.state === 'absent') return [];
      throw new PlanError(`there is no user ${o.user} on this host`, { hint: `make it before with user({ name: '${o.user}' })` });
    }
    if (o.state === 'absent' && now.file.type === 'absent') return [];
    refuse(o.user, now);
    const wanted = o.keys.map((line) =>
      o.options === undefined || parseKeyLine(line)?.options !== '' ? line : `${o.options} ${line}`,
    );
    const text = o.state === 'present' ? withKeys(now.text, wanted, o.exclusive) : withoutKeys(now.text, wanted);
    const folder = secured(o.user, now.folder, 'directory', '0700');
    const file = secured(o.user, now.file, 'file', '0600');
    // An empty file need not be made to hold no keys.
    const write = text !== now.text && (text !== '' || now.file.type === 'file');
    const makeFolder = folder !== now.folder && (write || now.folder.type !== 'absent');
    const mend = !write && file !== now.file && now.file.type === 'file';
    const steps: Step[] = [];
    const owner = `${o.user}:${now.group}`;
    const ssh = `${now.home}/.ssh`;
    if (makeFolder) {
      const make = now.folder.type === 'absent' ? [`mkdir -m 0700 -- ${quote(ssh)}`] : [];
      steps.push(sh([...make, `chown -h ${quote(owner)} -- ${quote(ssh)}`, `chmod ${folder.mode} -- ${quote(ssh)}`].join('\n')));
    }
    const path = `${ssh}/authorized_keys`;
    if (write) steps.push({ kind: 'put', path, content: { text }, owner: o.user, group: now.group, mode: file.mode });
    if (mend) steps.push(sh(`chown -h ${quote(owner)} -- ${quote(path)}\nchmod ${file.mode} -- ${quote(path)}`));
    const [first, ...rest] = steps;
    if (first === undefined) return [];
    const after: AuthorizedKeys = {
      ...now,
      folder: makeFolder ? folder : now.folder,
      file: write || mend ? file : now.file,
      text: write ? text : now.text,
    };
    return [
      {
        summary: write ? inWords(now.text, text) : `owner and mode of ${mend ? 'the keys' : '~/.ssh'}`,
        diff: write ? textDiff(now.file.type === 'absent' ? undefined : now.text, text) : undefined,
        steps: [first, ...rest],
        touches: [`path:${ssh}/**`],
        predicts: [authorizedKeys(o.user).predict(after), ...folderThere(ssh)],
      },
    ];
  },
});

function nameOf(line: string): string {
  const parsed = parseKeyLine(line);
  return parsed?.comment === '' || parsed === undefined ? `…${parsed?.blob.slice(-12) ?? ''}` : parsed.comment;
}

/** Owner and mode as sshd wants them: the user's own, writable by nobody else. */
function secured(user: string, now: KeyPath, type: 'file' | 'directory', mode: string): KeyPath {
  if (now.type !== type) return { type, mode, owner: user };
  const open = (Number.parseInt(now.mode, 8) & 0o022) !== 0;
  return open || now.owner !== user ? { type, mode: open ? mode : now.mode, owner: user } : now;
}

function refuse(user: string, now: AuthorizedKeys): void {
  if (!now.homeExists) {
    throw new PlanError(`the home ${now.home} of ${user} is not there`, { hint: 'make it: user({ …, createHome: true })' });
  }
  const blocked = [
    { path: `${now.home}/.ssh`, right: now.folder.type === 'absent' || now.folder.type === 'directory', type: now.folder.type },
    {
      path: `${now.home}/.ssh/authorized_keys`,
      right: now.file.type === 'absent' || now.file.type === 'file',
      type: now.file.type,
    },
  ].find(({ right }) => !right);
  if (blocked !== undefined) {
    // Root would write where its owner's link leads.
    throw new PlanError(`${blocked.path} is a ${blocked.type === 'other' ? 'special file' : blocked.type}`, {
      hint: 'remove it first',
    });
  }
}

function inWords(before: string, after: string): string {
  const count = (text: string) => text.split('\n').filter((line) => parseKeyLine(line) !== undefined).length;
  const lines = new Set(before.split('\n'));
  const added = after.split('\n').filter((line) => parseKeyLine(line) !== undefined && !lines.has(line)).length;
  const removed = count(before) + added - count(after);
  const words = [...(added > 0 ? [`${added} added`] : []), ...(removed > 0 ? [`${removed} removed`] : [])];
  return `keys: ${words.length === 0 ? 'other text' : words.join(', ')}`;
}
