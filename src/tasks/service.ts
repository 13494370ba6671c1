import { z } from 'zod';
import { fileState } from '../facts/file.js';
import { folderMark, loadedFiles, type LoadedFiles } from '../facts/loaded.js';
import { markOf, OPEN_MARK, type Mark } from '../facts/marks.js';
import { UNIT_NAME, unitName, unitState, type UnitState } from '../facts/units.js';
import { NotYetKnown, sh, type Change } from '../model/change.js';
import type { Prediction } from '../model/fact.js';
import { PlanError } from '../model/errors.js';
import { defineTask } from '../model/task.js';
import type { UnitAnswers } from './shared/answers.js';
import { ANY_FOLDER, FOLDERS_STAY } from './shared/folders.js';
import { afterwards, serviceScript, type ServiceActions } from './shared/serviceScript.js';
import { READ_AGAIN } from './shared/systemdReload.js';

/** A path that a process loads. A folder keeps the `/` at its end. */
const loadedPath = z
  .string()
  .regex(/^\/(?!.*(^|\/)\.\.?(\/|$))[^\0\n]+$/, 'expected an absolute path without . or .. parts; a folder ends with /')
  .transform((path) => path.replace(/\/+/g, '/'));

const options = z
  .strictObject({
    /** The unit: `nginx`, which is `nginx.service`, or with its type: `certbot.timer`. */
    name: z
      .string()
      .regex(UNIT_NAME, "expected a unit's name, such as nginx or certbot.timer")
      .refine((name) => !/@(\.|$)/.test(name), 'expected an instance of the template: app@1, not app@'),
    /** Whether it runs now. Default: left as it is. */
    state: z.enum(['running', 'stopped']).optional(),
    /** Whether it starts at boot. Default: left as it is. */
    enabled: z.boolean().optional(),
    /** `true`: nothing can start it; it goes with `state: 'stopped'` or none. `false`: a mask is taken off. Default: left as it is. */
    masked: z.boolean().optional(),
    /**
     * Files that the running process must have loaded as they are now; a path that ends with `/` is a folder with all in
     * it. When it has not, it is reloaded (restarted where the unit cannot reload). A link counts by where it points.
     */
    reloadWhen: z.array(loadedPath).default([]),
    /** The same for files that only a restart loads: the program itself, its unit's file, its environment. */
    restartWhen: z.array(loadedPath).default([]),
    /** False restarts for `reloadWhen` too. Default true. */
    reload: z.boolean().default(true),
    /** How long a process that does not tell when it is ready must stay alive to count as started, in seconds. Default 2. */
    settleSeconds: z.number().min(0).max(300).default(2),
    /**
     * TCP ports on which the process listens when it is ready. With them a start or restart counts as good once it does,
     * instead of after `settleSeconds`; it has 30 seconds more for that. Default: none is waited for.
     */
    listens: z.array(z.number().int().min(1).max(65535)).default([]),
    /** Longest time for the start, reload or stop, in seconds; the unit's own limits apply too. Default 600. */
    timeoutSeconds: z.number().int().min(1).default(600),
    /**
     * What its process will answer to tasks that ask it, so that a dry run can plan those beyond a start or restart:
     * `mysqlAnswers` (of `provision/tasks/mysql/answers`) gives it for a database server, `haproxyAnswers` (of
     * `provision/tasks/haproxy/answers`) for HAProxy. Default: nothing is known of it beforehand.
     */
    answers: z
      .custom<UnitAnswers>(
        (value) => typeof value === 'object' && value !== null && 'firstStart' in value,
        'expected what a function such as mysqlAnswers gives',
      )
      .optional(),
  })
  .refine(
    (o) => !(o.masked === true && (o.state === 'running' || o.enabled === true)),
    'a masked unit cannot be running or enabled',
  )
  .refine(
    (o) => [o.state, o.enabled, o.masked].some((value) => value !== undefined) || o.reloadWhen.length + o.restartWhen.length > 0,
    'expected at least one of state, enabled, masked, reloadWhen and restartWhen',
  )
  .transform((o) => ({
    ...o,
    unit: unitName(o.name),
    paths: [...new Set([...o.reloadWhen, ...o.restartWhen])],
  }));

type Options = z.output<typeof options>;

/**
 * A systemd unit: running or stopped, enabled, masked, and with its files loaded. Reload and restart are state: the
 * files that a process has loaded are known on the host, so a run that stopped in between is made good by the next one.
 * @example service({ name: 'nginx', state: 'running', enabled: true, reloadWhen: ['/etc/nginx/nginx.conf'] })
 */
export const service = defineTask({
  kind: 'service',
  options,
  subject: (o) => o.name,
  reads: (o) => ({
    unit: unitState(o.unit),
    files: o.paths.filter((path) => !path.endsWith('/')).map((path) => fileState({ path })),
    folders: o.paths.filter((path) => path.endsWith('/')).map((path) => folderMark(path)),
    loaded: o.paths.length === 0 ? [] : [loadedFiles({ unit: o.unit, paths: o.paths })],
    used: o.answers?.used === undefined ? [] : [o.answers.used],
  }),
  plan: (o, { unit, files, folders, loaded, used: [used = false] }) => {
    const marks = new Map<string, Mark>();
    const plain = o.paths.filter((path) => !path.endsWith('/'));
    files.forEach((state, index) => {
      const path = plain[index] ?? '';
      const mark = markOf(state);
      if (mark === undefined) throw new PlanError(`${path} is a folder`, { hint: `end its path with a slash: '${path}/'` });
      marks.set(path, mark);
    });
    const folderPaths = o.paths.filter((path) => path.endsWith('/'));
    folders.forEach((mark, index) => marks.set(folderPaths[index] ?? '', mark));
    const changes = planService(o, unit, marks, loaded[0] ?? {}, used);
    // A mask does not ask whether the unit behind it is enabled.
    const asks = o.masked !== true && (o.enabled !== undefined || changes.length > 0);
    if (unit.enabledFrom !== undefined && asks) throw new NotYetKnown(unit.enabledFrom, changes);
    const open = notLoaded(o.paths, marks, loaded[0] ?? {}).map((path) => marks.get(path) ?? '');
    const by = open.find((mark) => mark.startsWith(OPEN_MARK))?.slice(OPEN_MARK.length);
    // Whether a process has loaded what is known in part only, nobody can say; one that does not run will load all.
    if (by !== undefined && RUNS.includes(unit.active) && o.state !== 'stopped') throw new NotYetKnown(by, changes);
    return changes;
  },
});

const RUNS = ['active', 'reloading', 'refreshing'];
/** What is-enabled takes for enabled: units that others start, or whose files give no choice, too. */
const ENABLED = ['enabled', 'static', 'alias', 'indirect', 'generated', 'transient'];
const ENABLED_BY_FILE = ['enabled', 'enabled-runtime', 'linked', 'linked-runtime'];

function notLoaded(paths: readonly string[], marks: ReadonlyMap<string, Mark>, loaded: LoadedFiles): readonly string[] {
  return paths.filter((path) => loaded[path] !== marks.get(path));
}

function planService(
  o: Options,
  unit: UnitState,
  marks: ReadonlyMap<string, Mark>,
  loaded: LoadedFiles,
  used: boolean,
): readonly Change[] {
  if (!unit.systemd) throw new PlanError('this host is not run by systemd', { hint: 'services are managed with systemd only' });
  const runs = RUNS.includes(unit.active);
  const masked = unit.load === 'masked';
  if (masked && o.state === 'running' && o.masked !== false) {
    throw new PlanError(`${o.unit} is masked: it cannot be started`, {
      hint: 'say masked: false in the task to take the mask off',
    });
  }
  if (o.state === 'running' && unit.load === 'loaded' && unit.type === 'oneshot' && !unit.remains) {
    throw new PlanError(`${o.unit} is a oneshot service: it ends at once and never counts as running`, {
      hint: 'use timer to have it run at times, or set RemainAfterExit=yes in its unit',
    });
  }
  const changed = (paths: readonly string[]) => (runs && o.state !== 'stopped' ? notLoaded(paths, marks, loaded) : []);
  const [forReload, forRestart] = [changed(o.reloadWhen), changed(o.restartWhen)];
  const act = decide(o, unit, runs, forReload, forRestart);
  const mask = o.masked === true && !masked;
  const unmask = o.masked === false && masked;
  // A mask hides whether the unit behind it is enabled.
  const right = !unmask && o.enabled === (o.enabled === true ? ENABLED : ENABLED_BY_FILE).includes(unit.enabled);
  const enable = right ? undefined : o.enabled;
  const names = [...forRestart, ...forReload].map((path) => path.replace(/^.*\/(?=.)/, ''));
  const words = [
    ...(unmask ? ['unmask'] : []),
    ...(enable === undefined ? [] : [enable ? 'enable' : 'disable']),
    ...(act === undefined ? [] : [names.length > 0 ? `${act} to load ${[...new Set(names)].join(', ')}` : act]),
    ...(mask ? ['mask'] : []),
    ...(unit.needsDaemonReload ? ['daemon-reload'] : []),
  ];
  if (words.length === 0) return [];
  const actions: ServiceActions = { ...o, unmask, enable, act, mask };
  const after: UnitState = {
    ...unit,
    load: mask ? 'masked' : 'loaded',
    active: act === 'stop' ? 'inactive' : act === undefined ? unit.active : 'active',
    enabled: mask ? 'masked' : enable === undefined ? (unmask ? 'disabled' : unit.enabled) : enable ? 'enabled' : 'disabled',
    enabledFrom: mask || enable !== undefined ? undefined : unit.enabledFrom,
    needsDaemonReload: false,
  };
  return [
    {
      summary: words.join(', '),
      diff: { before: mask ? inWords({ ...unit, enabled: 'not masked' }) : inWords(unit), after: inWords(after) },
      steps: [
        sh(serviceScript(actions), { timeoutSeconds: o.timeoutSeconds, afterwards: afterwards(actions), atEnd: READ_AGAIN }),
      ],
      // Without an act the process works on, and answers as before.
      touches: act === undefined ? [`enabled:${o.unit}`] : [`unit:${o.unit}`, `loaded:${o.unit}`, ANY_FOLDER],
      live: true,
      predicts: [
        unitState(o.unit).predict(after),
        FOLDERS_STAY,
        loadedFiles({ unit: o.unit, paths: o.paths }).predict(
          act === undefined || act === 'stop' ? loaded : Object.fromEntries(marks),
        ),
        ...answersAfter(o, act, unit.arrives === true && !used),
      ],
    },
  ];
}

function answersAfter({ answers }: Options, act: ServiceActions['act'], first: boolean): readonly Prediction[] {
  if (act === undefined || act === 'stop') return [];
  const known = act === 'start' && first ? answers?.firstStart : answers?.[act];
  return known ?? [];
}

function decide(
  o: Options,
  unit: UnitState,
  runs: boolean,
  forReload: readonly string[],
  forRestart: readonly string[],
): ServiceActions['act'] {
  if (o.state === 'stopped' || o.masked === true) return runs || unit.active === 'activating' ? 'stop' : undefined;
  if (o.state === 'running' && !runs) return 'start';
  if (forRestart.length > 0) return 'restart';
  if (forReload.length === 0) return undefined;
  return o.reload && unit.canReload ? 'reload' : 'restart';
}

function inWords(unit: UnitState): string {
  return unit.load === 'not-found' ? 'not there\n' : `${unit.active}\n${unit.enabled}\n`;
}
