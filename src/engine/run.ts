import pLimit from 'p-limit';
import type { FaultReport, HostTotals, RunEvent, TaskStatus } from '../model/event.js';
import { UnreachableError } from '../model/errors.js';
import type { Host } from '../model/host.js';
import type { AnyPlay } from '../model/playbook.js';
import type { Session } from '../model/session.js';
import { journalMark } from '../facts/journal.js';
import { timed } from '../util/timing.js';
import { convergeHost, type Confirm, type HostPlay, type HostPlayResult, type Watch } from './converge.js';
import { faultReport } from './faults.js';
import { factGatherer } from './factGatherer.js';
import { gather } from './gather.js';
import { writeJournal } from './journal/write.js';
import { createKnowledge } from './knowledge.js';
import { makeTasks, type PlayTask } from './playTask.js';
import { hostsOf, isCalled, isOf, makeOptions, survey, type PreflightOptions, type Survey } from './preflight.js';
import { rescueHost, rescueOf } from './rescue.js';
import { batchesOf } from './serial.js';
import { isChosen, isFiltered } from './tags.js';

export interface RunOptions extends PreflightOptions {
  readonly dryRun: boolean;
  /** How many hosts at once. */
  readonly forks: number;
  /** Asked before each task with changes (`--step`). */
  readonly confirm?: Confirm | undefined;
  readonly openSession: (host: string, user: string) => Promise<Session>;
  /** 0, 1 (`-v`), 2 (`-vv`: stacks). */
  readonly verbose: number;
  /** The first Ctrl-C. */
  readonly signal: AbortSignal;
  readonly report: (event: RunEvent) => void;
  readonly watch?: Watch | undefined;
  /** The name of the journal that is kept on hosts: the playbook's. Undefined keeps none. */
  readonly journal?: string | undefined;
  /** Hosts that must not be touched, with the reason: they fail before anything is asked of them. */
  readonly refused?: ReadonlyMap<string, FaultReport> | undefined;
  /** Takes a host through a play. Default: `convergeHost`. */
  readonly playHost?: ((play: HostPlay) => Promise<HostPlayResult>) | undefined;
}

export interface RunOutcome {
  readonly totals: Readonly<Record<string, HostTotals>>;
  readonly interrupted: boolean;
}

const NO_TOTALS: HostTotals = { ok: 0, changed: 0, unknown: 0, skipped: 0, failed: 0, unreachable: 0 };

/** What a run keeps of a host. */
interface HostState {
  readonly host: Host;
  /** Its tasks of each play, once its facts are known. */
  tasks: ReadonlyMap<AnyPlay, readonly PlayTask[]> | undefined;
  /** Those that bring it back where a play does not come to its end. */
  readonly rescues: Map<AnyPlay, readonly PlayTask[]>;
  /** False once it failed or could not be reached. */
  alive: boolean;
  totals: HostTotals;
  /** How its tasks ended so far. */
  readonly statuses: Map<PlayTask, TaskStatus>;
  /** `--start-at-task` was met. */
  started: boolean;
}

/** Runs a playbook: play after play, the hosts of a play side by side. Throws InputError before anything is contacted. */
export async function run(options: RunOptions): Promise<RunOutcome> {
  const { tagsOf, made } = await timed('preflight', undefined, () => survey(options));
  const begin = Date.now();
  const states = new Map(
    options.hosts
      .filter(({ name }) => options.selected.includes(name))
      .map((host) => [
        host.name,
        {
          host,
          tasks: undefined,
          rescues: new Map(),
          alive: true,
          totals: NO_TOTALS,
          statuses: new Map(),
          started: options.startAtTask === undefined,
        },
      ]),
  );
  const { report } = options;
  report({
    type: 'run-start',
    dryRun: options.dryRun,
    playbook: options.playbookFile,
    inventory: options.inventory.file,
    hosts: [...states.keys()],
  });
  const inner = {
    ...options,
    ...makeOptions(options),
    knowledge: createKnowledge(options.watch?.learned),
    limit: pLimit(options.forks),
    mark: { changes: 0 },
    states,
    factsOf: factGatherer({ ...options, groups: options.inventory.groups, learned: options.watch?.learned }),
    made,
  };
  for (const play of options.playbook.plays) {
    if (options.signal.aborted) break;
    // A play of which no task is chosen is not worth a word.
    if (isFiltered(options) && !tagsOf.get(play)?.some((tags) => isChosen(tags, options))) continue;
    if (!(await runPlay(play, inner))) break;
  }
  await keepJournals(inner);
  const totals = Object.fromEntries([...states].map(([name, state]) => [name, state.totals]));
  const interrupted = options.signal.aborted;
  report({ type: 'run-end', seconds: (Date.now() - begin) / 1000, totals, interrupted });
  return { totals, interrupted };
}

interface Inner extends RunOptions, ReturnType<typeof makeOptions> {
  readonly hosts: readonly Host[];
  readonly knowledge: ReturnType<typeof createKnowledge>;
  readonly limit: ReturnType<typeof pLimit>;
  /** How many changes were made so far, on any host. */
  readonly mark: { changes: number };
  readonly states: ReadonlyMap<string, HostState>;
  readonly factsOf: ReturnType<typeof factGatherer>;
  /** Tasks that were made before any host was asked. */
  readonly made: Survey['made'];
}

/** False when the run is to stop here. */
async function runPlay(play: AnyPlay, inner: Inner): Promise<boolean> {
  const members = hostsOf(play, inner).flatMap(({ name }) => inner.states.get(name) ?? []);
  const ready = members.filter(({ alive }) => alive);
  if (ready.length === 0) return true;
  inner.report({ type: 'play-start', play: play.name, hosts: ready.map(({ host }) => host.name) });
  const changesBefore = inner.mark.changes;
  for (const batch of batchesOf(ready, play.serial)) {
    if (inner.signal.aborted) return true;
    await Promise.all(batch.map((state) => inner.limit(() => runHost(play, state, inner))));
    const failed = members.filter(({ alive }) => !alive).length;
    if (play.maxFailures !== undefined && failed > play.maxFailures) {
      inner.report({ type: 'note', text: `stopped: ${failed} hosts have failed, and "${play.name}" allows ${play.maxFailures}` });
      return false;
    }
  }
  // What one host changed, another may have read: after changes, all is read again.
  if (inner.mark.changes !== changesBefore) for (const name of inner.states.keys()) inner.knowledge.forget(name);
  return true;
}

async function runHost(play: AnyPlay, state: HostState, inner: Inner): Promise<void> {
  const { host } = state;
  const { report, verbose } = inner;
  const refused = inner.refused?.get(host.name);
  if (refused !== undefined) {
    failHost(state, play, refused, inner);
    return;
  }
  let touched = false;
  const way = {
    ...inner,
    host: host.name,
    play: play.name,
    confirm: inner.confirm,
    onChange: () => {
      inner.mark.changes++;
      touched = true;
    },
  };
  const bringBack = async (): Promise<void> => {
    const tasks = state.rescues.get(play);
    if (tasks === undefined || !touched) return;
    const { statuses } = await rescueHost({ ...way, tasks });
    state.totals = add(state.totals, [...statuses.values()]);
  };
  try {
    report({ type: 'host-activity', host: host.name, activity: state.tasks === undefined ? 'connect' : 'read' });
    state.tasks ??= await firstLook(state, play.user, inner);
    const tasks = startFrom(state, inner.startAtTask, state.tasks.get(play) ?? []);
    report({ type: 'host-tasks', host: host.name, play: play.name, tasks: tasks.length });
    const result = await (inner.playHost ?? convergeHost)({ ...way, tasks });
    state.totals = add(state.totals, [...result.statuses.values()]);
    for (const [task, status] of result.statuses) state.statuses.set(task, status);
    state.alive = result.ok;
    if (!result.ok) await bringBack();
  } catch (error) {
    state.alive = false;
    const fault = faultReport(error, verbose);
    if (error instanceof UnreachableError) {
      state.totals = { ...state.totals, unreachable: 1 };
      report({ type: 'host-unreachable', host: host.name, fault });
      await bringBack();
    } else {
      await bringBack();
      failHost(state, play, fault, inner);
      return;
    }
  }
  report({ type: 'host-end', host: host.name, play: play.name });
}

/** Writes the hosts' journals. That one cannot be written is told, and does not undo what the run did. */
async function keepJournals(inner: Inner): Promise<void> {
  const { journal: playbook, dryRun, knowledge, openSession, report } = inner;
  if (playbook === undefined || dryRun || inner.signal.aborted) return;
  const whole = inner.tags.length + inner.skipTags.length === 0 && inner.startAtTask === undefined;
  await Promise.all(
    [...inner.states].map(async ([host, { tasks, statuses, totals }]) => {
      if (tasks === undefined || totals.unreachable > 0 || statuses.size === 0 || !keepsJournal(tasks)) return;
      const all = [...tasks.values()].flat();
      try {
        await writeJournal({ playbook, host, tasks: all, statuses, whole, knowledge, openSession });
      } catch (error) {
        report({ type: 'note', host, text: `the journal could not be written: ${faultReport(error, 0).message}` });
      }
    }),
  );
}

/** A journal is root's: where no task runs as root, nobody may be able to write it. */
function keepsJournal(tasks: ReadonlyMap<AnyPlay, readonly PlayTask[]>): boolean {
  return [...tasks.values()].flat().some(({ on }) => on.user === 'root');
}

/** Ends a host for a fault that is of none of its tasks. */
function failHost(state: HostState, play: AnyPlay, fault: FaultReport, { report }: Inner): void {
  const { name: host } = state.host;
  state.alive = false;
  state.totals = { ...state.totals, failed: state.totals.failed + 1 };
  report({
    type: 'task',
    host,
    play: play.name,
    task: 'the host itself',
    id: 'host',
    status: 'failed',
    changes: [],
    fault,
  });
  report({ type: 'host-end', host, play: play.name });
}

/**
 * Gathers a host's facts, makes its tasks of all plays, and asks all that they read of it at once: when nothing is
 * changed, no play has to ask again. What they read of other hosts is left to the play, when those are ready for it.
 */
async function firstLook(state: HostState, user: string, inner: Inner): Promise<ReadonlyMap<AnyPlay, readonly PlayTask[]>> {
  const { host } = state;
  const facts = await inner.factsOf(host.name, user);
  const tasks = new Map<AnyPlay, readonly PlayTask[]>();
  for (const play of inner.playbook.plays) {
    if (!isOf(play, host)) continue;
    const before = inner.made.get(play)?.get(host.name);
    const chosen = before?.filter(({ task }) => isChosen([...play.tags, ...task.tags], inner));
    const make = (what: AnyPlay) => timed('plan', host.name, () => makeTasks({ ...inner, play: what, host, facts, tags: inner }));
    tasks.set(play, chosen ?? (await make(play)));
    const rescue = rescueOf(play);
    if (rescue !== undefined) state.rescues.set(play, await make(rescue));
  }
  const own = [...tasks.values()].flat().filter(({ task }) => task.host === undefined);
  const questions = own.flatMap(({ prepared, on }) => prepared.reads.map((read) => ({ on, read })));
  const { journal, dryRun } = inner;
  const mark = journal === undefined || dryRun || !keepsJournal(tasks) ? [] : [journalMark(journal)];
  const asked = () =>
    gather(
      [
        ...questions.filter(({ read }) => read.host === undefined || read.host === host.name),
        ...mark.map((read) => ({ on: { host: host.name, user: 'root' }, read })),
      ],
      inner.knowledge,
      inner.openSession,
    );
  await timed('read', host.name, asked);
  return tasks;
}

/** Leaves out what comes before `--start-at-task`, over all plays of a host. */
function startFrom(state: HostState, start: string | undefined, tasks: readonly PlayTask[]): readonly PlayTask[] {
  if (state.started || start === undefined) return tasks;
  const index = tasks.findIndex(({ task }) => isCalled(task, start));
  state.started = index >= 0;
  return index < 0 ? [] : tasks.slice(index);
}

function add(totals: HostTotals, statuses: readonly TaskStatus[]): HostTotals {
  const count = (status: TaskStatus) => statuses.filter((one) => one === status).length;
  return {
    ok: totals.ok + count('ok'),
    changed: totals.changed + count('changed'),
    unknown: totals.unknown + count('unknown'),
    skipped: totals.skipped + count('skipped'),
    failed: totals.failed + count('failed'),
    unreachable: totals.unreachable,
  };
}
