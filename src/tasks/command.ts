import { z } from 'zod';
import { pathExists } from '../facts/exists.js';
import { guard, liveGuard } from '../facts/guard.js';
import { sh } from '../model/change.js';
import type { Prediction } from '../model/fact.js';
import { absolutePath } from '../model/options.js';
import { defineTask } from '../model/task.js';
import type { Topic } from '../model/topic.js';
import { mask, Secret } from '../util/secret.js';
import { shellLine } from '../util/shell.js';
import { commandScript } from './shared/commandScript.js';

const text = z.union([z.string(), z.instanceof(Secret)]);

const topic = z.custom<Topic>((value) => typeof value === 'string' && (value === '*' || /^[a-z-]+:./.test(value)), {
  error: "expected a topic such as 'path:/etc/nginx/**', 'package:nginx', 'unit:nginx.service' or '*'",
});

const options = z
  .strictObject({
    /** What the screen and the task's id call it. Default: the first line of the command. */
    name: z.string().min(1).optional(),
    /** A POSIX sh script; it stops at the first command that fails. */
    run: text.optional(),
    /** A program and its arguments, each one word: nothing in them is special to a shell. */
    argv: z.array(z.string()).min(1).optional(),
    /** A path: the command runs only while it is absent, and is expected to make it. */
    creates: absolutePath.optional(),
    /** A path: the command runs only while it is there, and is expected to remove it. */
    removes: absolutePath.optional(),
    /** sh that only looks: the command runs only while this fails, and is expected to make it succeed. */
    unless: z.string().min(1).optional(),
    /** sh that only looks: the command runs only while this succeeds, and is expected to make it fail. */
    onlyIf: z.string().min(1).optional(),
    /** Run each time, and count as changed each time. With `onlyIf`: each time that this succeeds. */
    always: z.literal(true).optional(),
    /** The folder to run in, for the guards too. Default: `/`. */
    cwd: absolutePath.optional(),
    /** Variables of the command's environment; the guards do not get them. */
    env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected the name of a variable'), text).default({}),
    /** Text for its standard input. Default: none (/dev/null). */
    stdin: text.optional(),
    /** Longest time it may take, in seconds. Default 600. */
    timeoutSeconds: z.number().positive().optional(),
    /** What it changes, so that what else was read stays valid: `['path:/srv/app/**']`. Default: everything. */
    touches: z.array(topic).optional(),
    /**
     * It acts on the running system (loads a firewall, talks to a server), not on files alone, and so do its guards: a
     * rehearsal announces it and does not run it. Default false.
     */
    live: z.boolean().default(false),
  })
  .refine((o) => (o.run === undefined) !== (o.argv === undefined), 'expected exactly one of run and argv')
  .refine(
    (o) => o.always === true || [o.creates, o.removes, o.unless, o.onlyIf].some((one) => one !== undefined),
    'expected a guard (creates, removes, unless or onlyIf), or always: true for a command that runs each time',
  )
  .refine(
    (o) => o.always === undefined || [o.creates, o.removes, o.unless].every((one) => one === undefined),
    'always: true goes with onlyIf only; creates, removes and unless say that it need not always run',
  );

/**
 * A command with a guard that says whether it must run. Where several guards are given, each of them must ask for it.
 * The guards are asked again afterwards: a command that leaves its guard as it was has not converged, an error.
 * @example command({ run: 'npm ci --omit=dev', cwd: '/srv/app', creates: '/srv/app/node_modules' })
 */
export const command = defineTask({
  kind: 'command',
  options,
  subject: (o) => o.name ?? firstLine(mask(o.run ?? shellLine(...(o.argv ?? [])))),
  reads: (o) => ({
    creates: o.creates === undefined ? [] : [pathExists(o.creates)],
    removes: o.removes === undefined ? [] : [pathExists(o.removes)],
    unless: o.unless === undefined ? [] : [asks(o)({ script: o.unless, cwd: o.cwd })],
    onlyIf: o.onlyIf === undefined ? [] : [asks(o)({ script: o.onlyIf, cwd: o.cwd })],
  }),
  plan: (o, now) => {
    const done = [...now.creates, ...now.unless].includes(true) || [...now.removes, ...now.onlyIf].includes(false);
    if (done) return [];
    const script = o.run ?? shellLine(...(o.argv ?? []));
    const predicts: Prediction[] = [];
    if (o.creates !== undefined) predicts.push(pathExists(o.creates).predict(true));
    if (o.removes !== undefined) predicts.push(pathExists(o.removes).predict(false));
    if (o.unless !== undefined) predicts.push(asks(o)({ script: o.unless, cwd: o.cwd }).predict(true));
    if (o.onlyIf !== undefined && o.always === undefined) predicts.push(asks(o)({ script: o.onlyIf, cwd: o.cwd }).predict(false));
    return [
      {
        summary: `run ${firstLine(mask(script))}`,
        steps: [sh(commandScript({ ...o, script }), { timeoutSeconds: o.timeoutSeconds ?? 600 })],
        // What does something to a unit may let it load its files.
        touches: o.touches?.flatMap((one) => (one.startsWith('unit:') ? [one, `loaded:${one.slice(5)}` as const] : [one])),
        predicts,
        verify: o.always === undefined ? undefined : false,
        ...(o.live ? { live: true } : {}),
      },
    ];
  },
});

function asks({ live }: { readonly live: boolean }): typeof guard {
  return live ? liveGuard : guard;
}

function firstLine(script: string): string {
  const [first = '', ...rest] = script.trim().split('\n');
  return rest.length === 0 && first.length <= 100 ? first : `${first.slice(0, 100)} …`;
}
