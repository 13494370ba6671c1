import { z } from 'zod';
import { ABSENT, fileState, type FileState } from '../facts/file.js';
import { UNIT_NAME, unitName, unitState, type UnitState } from '../facts/units.js';
import { sh, type Change } from '../model/change.js';
import { PlanError } from '../model/errors.js';
import { fileMode } from '../model/options.js';
import { defineTask } from '../model/task.js';
import { renderTemplate } from '../templates/render.js';
import { joinText, reveal, Secret, type Text } from '../util/secret.js';
import { quote } from '../util/shell.js';
import { folderThere } from './shared/folders.js';
import { parentOf } from './shared/paths.js';
import { onceKnown, planTextFile, predictFile, readTextFile } from './shared/textFile.js';
import { READ_AGAIN, READ_LATER } from './shared/systemdReload.js';
import { UNIT_DIRECTORY, verifyScript } from './shared/unitScript.js';
import { unitOfText } from './shared/unitText.js';

const options = z
  .strictObject({
    /** The unit: `app`, which is `app.service`, or with its type: `backup.timer`. */
    name: z.string().regex(UNIT_NAME, "expected a unit's name, such as app or backup.timer"),
    /** The text of its file; a secret text is never shown. */
    content: z.union([z.string(), z.instanceof(Secret)]).optional(),
    /** An EJS template in place of `content`, found in the project's `templates` folders. */
    src: z.string().optional(),
    /** The template's variables: `{ port }` is `v.port` there. */
    vars: z.record(z.string(), z.unknown()).default({}),
    /** Write a drop-in of this name for a unit that something else brings, `limits.conf`, not the unit itself. */
    dropIn: z
      .string()
      .regex(/^[A-Za-z0-9_.@-]+\.conf$/, 'expected a file name that ends with .conf')
      .optional(),
    /** `absent` stops and disables the unit (not where it is a drop-in) and removes the file. Default `present`. */
    state: z.enum(['present', 'absent']).default('present'),
    /** Octal text. Default: 0644 for a new file, left as it is for one that is there. */
    mode: fileMode.optional(),
    /** Let systemd judge it before it is put in place; unknown keys are faults then. Default true. */
    verify: z.boolean().default(true),
  })
  .refine(
    (o) => o.state === 'absent' || (o.content === undefined) !== (o.src === undefined),
    'expected exactly one of content and src',
  )
  .transform((o) => {
    const unit = unitName(o.name);
    const file = o.dropIn === undefined ? unit : `${unit}.d/${o.dropIn}`;
    return { ...o, unit, file, path: `${UNIT_DIRECTORY}/${file}`, isTemplate: unit.includes('@.') };
  });

/**
 * A unit of systemd or a drop-in for one, in /etc/systemd/system, which systemd has read. It starts nothing: `service` does.
 * @example systemdUnit({ name: 'app', src: 'app.service.ejs', vars: { port: 8080 } })
 * @example systemdUnit({ name: 'nginx', dropIn: 'limits.conf', content: '[Service]\nLimitNOFILE=65536\n' })
 */
export const systemdUnit = defineTask({
  kind: 'systemdUnit',
  options,
  subject: (o) => o.file,
  prepare: (o, environment): { text: Text } => ({
    text: o.src === undefined ? (o.content ?? '') : renderTemplate(environment.resolve(o.src, 'templates'), o.vars),
  }),
  reads: (o) => ({
    now: o.state === 'absent' ? fileState({ path: o.path, contentUnless: [] }) : readTextFile(o.path, o.text),
    // systemd tells nothing of a template without an instance.
    units: o.isTemplate ? [] : [unitState(o.unit)],
  }),
  plan: (o, { now, units }) => {
    const unit = units[0];
    if (unit?.systemd === false) throw new PlanError('this host is not run by systemd', { hint: 'it takes no units' });
    return o.state === 'absent' ? planRemoval(o, now, unit) : planWriting(o, now, unit);
  },
});

interface Wanted {
  readonly unit: string;
  readonly file: string;
  readonly path: string;
  readonly dropIn?: string | undefined;
  readonly mode?: string | undefined;
  readonly text: Text;
  readonly verify: boolean;
}

function planWriting(o: Wanted, now: FileState, unit: UnitState | undefined): readonly Change[] {
  const touches = [`path:${o.path}`, `unit:${o.unit}`] as const;
  const unitAfter = unit && {
    ...unit,
    ...(o.dropIn === undefined ? unitOfText(reveal(o.text), unit) : {}),
    needsDaemonReload: false,
  };
  const predicts = unitAfter === undefined ? [] : [unitState(o.unit).predict(unitAfter)];
  // A unit that it has never seen it reads when it is first asked for.
  const isNew = o.dropIn === undefined && now.type === 'absent' && unit?.load === 'not-found';
  const reload = sh(READ_LATER, { atEnd: READ_AGAIN });
  const changes = planTextFile(o, now);
  if (changes.length === 0) {
    return unit?.needsDaemonReload === true ? [{ summary: 'daemon-reload', steps: [reload], touches, predicts }] : [];
  }
  const folder = o.dropIn === undefined ? [] : [`mkdir -p -- ${quote(`${UNIT_DIRECTORY}/${o.unit}.d`)}`];
  const after = isNew ? [] : [reload];
  const before = joinText([...(o.verify ? [verifyScript(o.unit, [o])] : []), ...folder], '\n');
  return changes.map((change) => ({
    ...change,
    steps: before === '' ? [...change.steps, ...after] : [sh(before, { atEnd: READ_AGAIN }), ...change.steps, ...after],
    touches,
    // Removing a drop-in leaves the unit.
    creates: [...(change.creates ?? []), ...(now.type === 'absent' && o.dropIn === undefined ? [`unit:${o.unit}` as const] : [])],
    predicts: [...(change.predicts ?? []), ...predicts, ...folderThere(parentOf(o.path))],
  }));
}

function planRemoval(o: Wanted, now: FileState, unit: UnitState | undefined): readonly Change[] {
  if (now.type === 'absent') return [];
  const whole = o.dropIn === undefined;
  const folder = o.path.slice(0, o.path.lastIndexOf('/'));
  const script = [
    ...(whole && unit?.load === 'loaded' ? [`systemctl disable -q --now -- ${quote(o.unit)}`] : []),
    `rm -f -- ${quote(o.path)}`,
    ...(whole ? [] : [`rmdir --ignore-fail-on-non-empty -- ${quote(folder)}`]),
    'systemctl daemon-reload',
    ...(whole ? [`systemctl reset-failed -- ${quote(o.unit)} 2>/dev/null || :`] : []),
  ];
  return onceKnown(now, [
    {
      summary: whole && unit?.active === 'active' ? 'stop, remove' : 'remove',
      diff: { before: now.content, after: undefined },
      steps: [sh(script.join('\n'))],
      touches: [`path:${o.path}`, `unit:${o.unit}`],
      predicts: [predictFile({ path: o.path }, ABSENT)],
    },
  ]);
}
