import { z } from 'zod';
import { ABSENT, fileState } from '../facts/file.js';
import { sh } from '../model/change.js';
import { accountName } from '../model/options.js';
import { defineTask } from '../model/task.js';
import { quote } from '../util/shell.js';
import { onceKnown, planTextFile, predictFile, readTextFile } from './shared/textFile.js';

const FIELD = String.raw`[0-9A-Za-z*,/~-]+`;

const options = z
  .strictObject({
    /** The name of its file in /etc/cron.d; cron ignores names with other characters. */
    name: z.string().regex(/^[A-Za-z0-9_-]+$/, 'expected a name of letters, digits, dashes and underscores'),
    /** Five fields as in crontab(5), `15 3 * * *`, or a word such as `@daily`. */
    schedule: z
      .string()
      .regex(
        new RegExp(`^(${FIELD}( ${FIELD}){4}|@(reboot|yearly|annually|monthly|weekly|daily|midnight|hourly))$`),
        "expected five fields, such as '15 3 * * *', or a word such as '@daily'",
      )
      .optional(),
    /** The account that it runs as. Default root. */
    user: accountName.default('root'),
    /** The command, one line for sh. */
    command: z
      .string()
      .regex(/^[^\n]+$/, 'expected one line; put more into a script')
      .optional(),
    /** Environment variables. No secrets: every account of the host can read them. */
    environment: z
      .record(
        z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected the name of a variable'),
        z.string().regex(/^[^\n]*$/, 'expected one line'),
      )
      .default({}),
    /** Where its output is mailed; empty for nowhere. Default: cron's own, the account. */
    mailTo: z
      .string()
      .regex(/^[^\n]*$/, 'expected one line')
      .optional(),
    /** `absent` removes it. Default `present`. */
    state: z.enum(['present', 'absent']).default('present'),
  })
  .refine((o) => o.state === 'absent' || (o.schedule !== undefined && o.command !== undefined), 'expected schedule and command')
  .transform((o) => ({ ...o, path: `/etc/cron.d/${o.name}` }));

type Options = z.output<typeof options>;

const HAS_CRON = `if ! command -v cron >/dev/null && ! command -v crond >/dev/null; then
  echo 'this host has no cron, so nothing would run it: install the package cron first, or use timer' >&2
  exit 1
fi`;

/**
 * A command that cron runs at times, in a file of its own in /etc/cron.d.
 * @example cron({ name: 'backup', schedule: '15 3 * * *', command: '/usr/local/sbin/backup --all' })
 */
export const cron = defineTask({
  kind: 'cron',
  options,
  subject: (o) => o.name,
  reads: (o) => ({
    now: o.state === 'absent' ? fileState({ path: o.path, contentUnless: [] }) : readTextFile(o.path, textOf(o)),
  }),
  plan: (o, { now }) => {
    if (o.state === 'present') {
      // cron ignores files that others than root may write.
      const changes = planTextFile({ path: o.path, text: textOf(o), owner: 'root', group: 'root', mode: '0644' }, now);
      return changes.map((change) => ({ ...change, steps: [sh(HAS_CRON), ...change.steps] }));
    }
    if (now.type === 'absent') return [];
    return onceKnown(now, [
      {
        summary: 'remove',
        diff: { before: now.content, after: undefined },
        steps: [sh(`rm -f -- ${quote(o.path)}`)],
        touches: [`path:${o.path}`],
        predicts: [predictFile({ path: o.path }, ABSENT)],
      },
    ]);
  },
});

function textOf(o: Options): string {
  return [
    '# Managed by provision.',
    'SHELL=/bin/sh',
    'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    ...(o.mailTo === undefined ? [] : [`MAILTO="${o.mailTo}"`]),
    ...Object.entries(o.environment).map(([name, value]) => `${name}="${value}"`),
    // An unescaped % ends the command, and what follows is its input.
    `${o.schedule ?? ''} ${o.user} ${(o.command ?? '').replaceAll('%', '\\%')}`,
    '',
  ].join('\n');
}
