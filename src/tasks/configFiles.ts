import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { fileState, type FileState } from '../facts/file.js';
import { NotYetKnown, type Change, type ChangePart, type PutStep, type ShellStep, type Step } from '../model/change.js';
import { absolutePath, accountName, fileMode } from '../model/options.js';
import { defineTask, type PrepareEnvironment } from '../model/task.js';
import { renderTemplate } from '../templates/render.js';
import { Secret, type Text } from '../util/secret.js';
import { confirmLogin, unconfirmedOf, withConfirmedLogin } from './shared/confirmLogin.js';
import { planLink, planNoFile } from './shared/link.js';
import { planTextFile, readTextFile } from './shared/textFile.js';

const member = z
  .strictObject({
    /** Where it stands on the host: a path under /etc, which is what is tried before it is made. */
    path: absolutePath.refine(
      (path) => path.startsWith('/etc/'),
      'expected a path under /etc: only there a set can be tried first',
    ),
    /** The whole text of the file; a secret text is never shown. */
    content: z.union([z.string(), z.instanceof(Secret)]).optional(),
    /** A text file on the controller to copy, found in the project's `files` folders. */
    src: z.string().optional(),
    /** An EJS template, found in the project's `templates` folders. */
    template: z.string().optional(),
    /** The template's variables. */
    vars: z.record(z.string(), z.unknown()).optional(),
    /** What a symbolic link at the path says. It takes a file's place. */
    link: z.string().min(1).optional(),
    /** `absent`: neither a file nor a link is at the path. */
    state: z.literal('absent').optional(),
    /** Default: root for a new file, left as it is for one that is there. */
    owner: accountName.optional(),
    /** Default: root for a new file, left as it is for one that is there. */
    group: accountName.optional(),
    /** Octal text, such as `0640`. Default: 0644 for a new file, left as it is for one that is there. */
    mode: fileMode.optional(),
  })
  .refine(
    (o) => [o.content, o.src, o.template, o.link, o.state].filter((one) => one !== undefined).length === 1,
    "expected exactly one of content, src, template, link and state: 'absent'",
  )
  .refine((o) => o.vars === undefined || o.template !== undefined, 'vars goes with template');

type Member = z.output<typeof member>;

const options = z
  .strictObject({
    /** What the screen and the task's id call the set. */
    name: z.string().min(1),
    /** The files, links and absences of the set, in the order in which they are made. */
    files: z.array(member).min(1),
    /** sh that judges the set as a whole: it sees the new files at their own paths, before they are made for real. */
    validate: z.string().min(1),
    /** For what decides who can log in (sshd's configuration, sudoers): the host undoes the change unless a new login confirms it. */
    confirmLogin: confirmLogin.optional(),
  })
  .refine((o) => new Set(o.files.map(({ path }) => path)).size === o.files.length, 'files: a path is named twice');

/**
 * Configuration files that are right or wrong together. What differs is tried first over a throwaway copy of /etc; only
 * when `validate` accepts the whole there is it made for real, so that a refused set leaves each live file as it was.
 * @example configFiles({
 *   name: 'nginx',
 *   files: [
 *     { path: '/etc/nginx/conf.d/www.conf', template: 'nginx-www.conf.ejs', vars: { domain: vars.domain } },
 *     { path: '/etc/nginx/sites-enabled/default', state: 'absent' },
 *   ],
 *   validate: 'nginx -t',
 * })
 */
export const configFiles = defineTask({
  kind: 'configFiles',
  options,
  subject: (o) => o.name,
  prepare: (o, environment) => ({ texts: o.files.map((one) => textOf(one, environment)) }),
  reads: (o) => ({
    left: unconfirmedOf(`configFiles ${o.name}`, o.confirmLogin),
    now: o.files.map(({ path }, index) => {
      const text = o.texts[index];
      return text === undefined ? fileState({ path, contentUnless: [] }) : readTextFile(path, text);
    }),
  }),
  plan: (o, { now, left }) => {
    const planned = o.files.map((one, index) => {
      const state = now[index];
      return { path: one.path, ...(state === undefined ? { changes: [] } : tryMember(one, o.texts[index], state)) };
    });
    const changes = planned.flatMap(({ path, changes: own }) => own.map((change) => ({ path, change })));
    const later = planned.find(({ because }) => because !== undefined)?.because;
    const [first, ...rest] = changes.map(({ path, change }): ChangePart => ({
      summary: `${path}: ${change.summary}`,
      diff: change.diff,
    }));
    const task = `configFiles ${o.name}`;
    if (first === undefined) return withConfirmedLogin(o.confirmLogin, { task, paths: [], left }, []);
    const paths = changes.map(({ path }) => path);
    const whole: readonly Change[] = [
      {
        summary: `${changes.length === 1 ? 'change' : `${changes.length} changes`}: ${paths.join(', ')}`,
        parts: [first, ...rest],
        steps: [
          {
            kind: 'validated',
            steps: changes.flatMap(({ change }) => change.steps.filter(isPlain)),
            paths,
            validate: o.validate,
          },
        ],
        touches: changes.flatMap(({ change }) => change.touches ?? ['*']),
        creates: changes.flatMap(({ change }) => change.creates ?? []),
        predicts: changes.flatMap(({ change }) => change.predicts ?? []),
      },
    ];
    if (later !== undefined) throw new NotYetKnown(later, whole);
    return withConfirmedLogin(o.confirmLogin, { task, paths, left }, whole);
  },
});

function textOf(one: Member, environment: PrepareEnvironment): Text | undefined {
  if (one.src !== undefined) return readFileSync(environment.resolve(one.src, 'files'), 'utf8');
  if (one.template !== undefined) return renderTemplate(environment.resolve(one.template, 'templates'), one.vars ?? {});
  return one.content;
}

/** A member's changes, and what decides about them where that is known after apply only. */
function tryMember(one: Member, text: Text | undefined, now: FileState): { changes: readonly Change[]; because?: string } {
  try {
    return { changes: planMember(one, text, now) };
  } catch (error) {
    if (error instanceof NotYetKnown) return { changes: error.changes, because: error.because };
    throw error;
  }
}

function planMember(one: Member, text: Text | undefined, now: FileState): readonly Change[] {
  if (text !== undefined) return planTextFile({ ...one, text }, now);
  return one.link === undefined ? planNoFile(one.path, now) : planLink({ path: one.path, target: one.link, force: true }, now);
}

/** Whether a step is of those that can be tried first; the planners of single files make no others. */
function isPlain(step: Step): step is ShellStep | PutStep {
  return step.kind === 'shell' || step.kind === 'put';
}
