import { z } from 'zod';
import { ABSENT, fileState, type FileState } from '../facts/file.js';
import { unitState, type UnitState } from '../facts/units.js';
import { sh, type Change, type ChangePart } from '../model/change.js';
import { PlanError } from '../model/errors.js';
import { absolutePath, accountName } from '../model/options.js';
import { defineTask } from '../model/task.js';
import { quote } from '../util/shell.js';
import { planTextFile, predictFile, readTextFile } from './shared/textFile.js';
import { READ_NOW } from './shared/systemdReload.js';
import { UNIT_DIRECTORY, verifyScript } from './shared/unitScript.js';
import { unitOfText, unitWord } from './shared/unitText.js';

const oneLine = z.string().regex(/^[^\n]+$/, 'expected one line');

const options = z
  .strictObject({
    /** The name of its two units: `backup` is `backup.timer` and `backup.service`. */
    name: z.string().regex(/^[A-Za-z0-9_-]+$/, 'expected a name of letters, digits, dashes and underscores'),
    /** When it runs, as systemd.time(7) says it: `daily`, `*-*-* 03:15`, `Mon *-*-* 04:00`; several are a list. */
    onCalendar: z.union([oneLine, z.array(oneLine).min(1)]).optional(),
    /** The sh script that runs, of one or more lines. Its output goes to the journal. */
    command: z.string().min(1).optional(),
    /** The account that it runs as. Default root. */
    user: accountName.default('root'),
    /** What it is for, as `systemctl status` shows it. Default: its name. */
    description: oneLine.optional(),
    /** Run at boot what was missed while the host was off. Default true. */
    persistent: z.boolean().default(true),
    /** Spread its start at random over this many seconds, so that many hosts do not begin at once. Default 0. */
    randomDelaySeconds: z.number().int().min(0).default(0),
    /** Longest time that a run may take, in seconds; it is ended then. Default: no limit. */
    timeoutSeconds: z.number().int().min(1).optional(),
    /** The folder that it runs in. Default `/`. */
    workingDirectory: absolutePath.optional(),
    /** Environment variables. No secrets: every account of the host can read them. */
    environment: z
      .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected the name of a variable'), z.string())
      .default({}),
    /** `absent` stops it and removes both units. Default `present`. */
    state: z.enum(['present', 'absent']).default('present'),
  })
  .refine(
    (o) => o.state === 'absent' || (o.onCalendar !== undefined && o.command !== undefined),
    'expected onCalendar and command',
  );

type Options = z.output<typeof options>;

/**
 * A command that systemd runs at times: a timer and its service, enabled and started.
 * @example timer({ name: 'backup', onCalendar: '*-*-* 03:15', command: '/usr/local/sbin/backup --all' })
 */
export const timer = defineTask({
  kind: 'timer',
  options,
  subject: (o) => o.name,
  reads: (o) => ({
    service:
      o.state === 'absent' ? fileState({ path: pathOf(o, 'service') }) : readTextFile(pathOf(o, 'service'), serviceText(o)),
    timer: o.state === 'absent' ? fileState({ path: pathOf(o, 'timer') }) : readTextFile(pathOf(o, 'timer'), timerText(o)),
    unit: unitState(`${o.name}.timer`),
    job: unitState(`${o.name}.service`),
  }),
  plan: (o, now) => {
    if (!now.unit.systemd) throw new PlanError('this host is not run by systemd', { hint: 'use cron' });
    return o.state === 'absent' ? planRemoval(o, now) : planTimer(o, now);
  },
});

interface Now {
  readonly service: FileState;
  readonly timer: FileState;
  readonly unit: UnitState;
  readonly job: UnitState;
}

function planTimer(o: Options, now: Now): readonly Change[] {
  const texts = { service: serviceText(o), timer: timerText(o) };
  const writing = (['service', 'timer'] as const).map((type) => ({
    type,
    changes: planTextFile({ path: pathOf(o, type), text: texts[type], mode: '0644' }, now[type]),
  }));
  const files = writing.flatMap(({ type, changes }) => changes.map((change) => ({ type, change })));
  const stale = now.unit.needsDaemonReload || now.job.needsDaemonReload;
  const words = [
    ...(now.unit.enabled === 'enabled' ? [] : ['enable']),
    ...(now.unit.active === 'active' ? (files.length > 0 || stale ? ['restart'] : []) : ['start']),
  ];
  const [first, ...rest]: ChangePart[] = [
    ...files.map(({ type, change }) => ({ summary: `${type}: ${change.summary}`, diff: change.diff })),
    ...(words.length > 0 ? [{ summary: words.join(', ') }] : []),
  ];
  if (first === undefined) return [];
  const unit = `${o.name}.timer`;
  // Without --no-reload systemd would read all units again after each of these.
  const links = [...(now.unit.load === 'masked' ? ['unmask'] : []), 'enable'];
  // Units that it has never seen systemd reads when it is first asked for them; but newer ones call all outdated after a new link.
  const isNew = now.unit.load === 'not-found' && now.job.load === 'not-found';
  const apply = sh(
    [
      ...links.map((verb) => `systemctl ${verb} -q --no-reload -- ${unit}`),
      isNew ? `[ "$(systemctl show -p NeedDaemonReload --value -- ${unit})" = no ] || { ${READ_NOW}; }` : READ_NOW,
      `systemctl restart -- ${unit}`,
    ].join('\n'),
  );
  const after = (state: UnitState, text: string) => ({ ...state, ...unitOfText(text, state), needsDaemonReload: false });
  return [
    {
      summary: [first, ...rest].map(({ summary }) => summary).join(', '),
      parts: [first, ...rest],
      steps: files.length === 0 ? [apply] : [sh(verifyTimer(o, texts)), ...files.flatMap(({ change }) => change.steps), apply],
      touches: topics(o),
      creates: [
        ...files.flatMap(({ change }) => change.creates ?? []),
        ...(now.timer.type === 'absent' ? [`unit:${unit}` as const] : []),
      ],
      predicts: [
        ...files.flatMap(({ change }) => change.predicts ?? []),
        unitState(unit).predict({ ...after(now.unit, texts.timer), load: 'loaded', active: 'active', enabled: 'enabled' }),
        unitState(`${o.name}.service`).predict(after(now.job, texts.service)),
      ],
    },
  ];
}

function verifyTimer(o: Options, texts: { service: string; timer: string }) {
  return verifyScript(`${o.name}.timer`, [
    { file: `${o.name}.service`, text: texts.service },
    { file: `${o.name}.timer`, text: texts.timer },
  ]);
}

function planRemoval(o: Options, now: Now): readonly Change[] {
  if (now.service.type === 'absent' && now.timer.type === 'absent') return [];
  const paths = [pathOf(o, 'timer'), pathOf(o, 'service')];
  const script = [
    ...(now.unit.load === 'loaded' ? [`systemctl disable -q --now -- ${o.name}.timer`] : []),
    `rm -f -- ${paths.map(quote).join(' ')}`,
    'systemctl daemon-reload',
  ];
  return [
    {
      summary: now.unit.active === 'active' ? 'stop, remove' : 'remove',
      steps: [sh(script.join('\n'))],
      touches: topics(o),
      predicts: paths.map((path) => predictFile({ path }, ABSENT)),
    },
  ];
}

function topics(o: Options) {
  return [
    `path:${pathOf(o, 'service')}`,
    `path:${pathOf(o, 'timer')}`,
    `unit:${o.name}.timer`,
    `unit:${o.name}.service`,
  ] as const;
}

function pathOf(o: Options, type: 'service' | 'timer'): string {
  return `${UNIT_DIRECTORY}/${o.name}.${type}`;
}

function serviceText(o: Options): string {
  return [
    '# Managed by provision.',
    '[Unit]',
    `Description=${escaped(o.description ?? o.name)}`,
    '',
    '[Service]',
    'Type=oneshot',
    `User=${o.user}`,
    ...(o.workingDirectory === undefined ? [] : [`WorkingDirectory=${escaped(o.workingDirectory)}`]),
    ...Object.entries(o.environment).map(([name, value]) => `Environment=${unitWord(`${name}=${value}`).replaceAll('$$', '$')}`),
    ...(o.timeoutSeconds === undefined ? [] : [`TimeoutStartSec=${o.timeoutSeconds}`]),
    `ExecStart=/bin/sh -c ${unitWord(o.command ?? '')}`,
    '',
  ].join('\n');
}

function timerText(o: Options): string {
  const times = typeof o.onCalendar === 'string' ? [o.onCalendar] : (o.onCalendar ?? []);
  return [
    '# Managed by provision.',
    '[Unit]',
    `Description=${escaped(o.description ?? o.name)}`,
    '',
    '[Timer]',
    ...times.map((time) => `OnCalendar=${time}`),
    `Persistent=${o.persistent ? 'yes' : 'no'}`,
    ...(o.randomDelaySeconds === 0 ? [] : [`RandomizedDelaySec=${o.randomDelaySeconds}`]),
    '',
    '[Install]',
    'WantedBy=timers.target',
    '',
  ].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('%', '%%');
}
