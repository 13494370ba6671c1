import { defineBatchFact, type CommandResult, type Read } from '../model/fact.js';
import { quote } from '../util/shell.js';

/** What systemd says of a unit. */
export interface UnitState {
  /** False where systemd does not run the host: nothing else is known then. */
  readonly systemd: boolean;
  /** `not-found` is a unit that no file describes. */
  readonly load: 'loaded' | 'not-found' | 'masked' | 'error' | 'bad-setting' | 'merged' | 'stub';
  /** `active`, `inactive`, `failed`, `activating`, `deactivating`, `reloading` … */
  readonly active: string;
  /** Whether it starts at boot: `enabled`, `disabled`, `static`, `masked` …; empty where no file describes it. */
  readonly enabled: string;
  /** `simple`, `notify`, `oneshot` …; empty for what is no service. */
  readonly type: string;
  /** A oneshot that counts as active after its process has ended. */
  readonly remains: boolean;
  readonly canReload: boolean;
  /** A file of the unit was changed since systemd read it. */
  readonly needsDaemonReload: boolean;
  /** Of a unit that no file describes: a link of /etc/systemd/system still starts it at boot, as a removed package leaves it. */
  readonly linked?: boolean | undefined;
  /**
   * Set by a planner only, never read on a host: the unit comes with a package that this run installs, so nothing of it is
   * on the host yet. The other values are what it will have then.
   */
  readonly arrives?: boolean | undefined;
  /**
   * Set by a planner only, never read on a host: whether it starts at boot depends on the version that an earlier task of the
   * run (this is its id) installs; `enabled` is empty.
   */
  readonly enabledFrom?: string | undefined;
}

/** The shape of a unit's name, with or without its type. */
export const UNIT_NAME = /^[A-Za-z0-9:_.\\-]+(@[A-Za-z0-9:_.\\-]*)?$/;

const TYPES = /\.(service|socket|timer|target|mount|automount|path|slice|scope|swap|device)$/;

/** A unit's whole name: `nginx` is `nginx.service`. */
export function unitName(name: string): string {
  return TYPES.test(name) ? name : `${name}.service`;
}

/** Where a host's own units are, and the links that start units at boot. */
export const UNIT_DIRECTORY = '/etc/systemd/system';

const PROPERTIES = 'Id,LoadState,ActiveState,UnitFileState,Type,RemainAfterExit,CanReload,NeedDaemonReload';

/** Whether a unit is there, runs, and starts at boot. Takes whole names: `nginx.service`. */
export const unitState: (name: string, options?: { host?: string }) => Read<UnitState> = defineBatchFact<string, UnitState>({
  name: 'unit',
  live: true,
  key: (name) => name,
  topics: (name) => [`unit:${name}`],
  command: (names) =>
    [
      '[ -d /run/systemd/system ] || { echo none; exit 0; }',
      `LC_ALL=C systemctl show -p ${PROPERTIES} -- ${names.map(quote).join(' ')}`,
      'echo; echo =',
      `cd ${UNIT_DIRECTORY} && ls -d ${names.map((name) => `*.wants/${quote(name)} *.requires/${quote(name)}`).join(' ')} 2>/dev/null`,
    ].join('\n'),
  parse: parseUnits,
});

const NO_SYSTEMD: UnitState = {
  systemd: false,
  load: 'not-found',
  active: 'inactive',
  enabled: '',
  type: '',
  remains: false,
  canReload: false,
  needsDaemonReload: false,
};

/** One block of `Name=value` lines a unit, in the order of the question; an empty line between them. */
function parseUnits({ stdout, stderr }: CommandResult, names: readonly string[]): readonly UnitState[] {
  if (stdout.startsWith('none')) return names.map(() => NO_SYSTEMD);
  const [shown = '', links = ''] = stdout.split(/^=$/m);
  const linked = new Set(links.split('\n').map((path) => path.slice(path.indexOf('/') + 1)));
  const blocks = shown.trim().split(/\n\n+/);
  if (blocks.length !== names.length)
    throw new Error(`systemctl told of ${blocks.length} units, not of ${names.length}: ${stderr}`);
  return blocks.map((block, index) => {
    const of = new Map(block.split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
    const state: UnitState = {
      systemd: true,
      load: loadState(of.get('LoadState')),
      active: of.get('ActiveState') ?? '',
      enabled: of.get('UnitFileState') ?? '',
      type: of.get('Type') ?? '',
      remains: of.get('RemainAfterExit') === 'yes',
      canReload: of.get('CanReload') === 'yes',
      needsDaemonReload: of.get('NeedDaemonReload') === 'yes',
      ...(of.get('LoadState') === 'not-found' && linked.has(names[index] ?? '') ? { linked: true } : {}),
    };
    return state;
  });
}

const LOAD_STATES = ['loaded', 'not-found', 'masked', 'error', 'bad-setting', 'merged', 'stub'] as const;

function loadState(word: string | undefined): UnitState['load'] {
  return LOAD_STATES.find((known) => known === word) ?? 'error';
}
