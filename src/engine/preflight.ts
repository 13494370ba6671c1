import type { Inventory } from '../model/inventory.js';
import { InputError, InputErrors, formatPosition } from '../model/errors.js';
import type { Host } from '../model/host.js';
import type { AnyPlay, AnyPlaybook } from '../model/playbook.js';
import type { Task } from '../model/task.js';
import { didYouMean } from '../util/names.js';
import { playbookFaults, tagFaults } from './checkPlaybook.js';
import { prepareEnvironment } from './environment.js';
import { hostFaults } from './hostFaults.js';
import { makeTasks, type PlayTask } from './playTask.js';
import { rescueOf } from './rescue.js';
import { createAsked, type SampleOfFact } from './sampleFacts.js';
import { requireTags, type TagFilter } from './tags.js';

export interface PreflightOptions extends TagFilter {
  readonly playbook: AnyPlaybook;
  readonly playbookFile: string;
  readonly inventory: Inventory;
  /** All hosts of the inventory, validated. */
  readonly hosts: readonly Host[];
  /** The names that `--limit` leaves. */
  readonly selected: readonly string[];
  readonly startAtTask?: string | undefined;
}

/** A task as `--list-tasks` shows it. */
export interface PlannedTask {
  readonly play: string;
  readonly host: string;
  readonly task: Task;
  /** The task's own and its play's. */
  readonly tags: readonly string[];
}

/**
 * All that can be checked before the first packet: makes every task of every host, for each sample of the gathered
 * facts, with its templates rendered. Throws InputError, or InputErrors for several. The result is of the first samples.
 */
export async function preflight(options: PreflightOptions): Promise<readonly PlannedTask[]> {
  return (await survey(options)).planned;
}

export interface Survey {
  readonly planned: readonly PlannedTask[];
  /** The tags of the tasks that each play may have, whatever is gathered. */
  readonly tagsOf: ReadonlyMap<AnyPlay, readonly (readonly string[])[]>;
  /** The tasks of a play by host: those that every run has, as nothing is gathered that they could depend on. */
  readonly made: ReadonlyMap<AnyPlay, ReadonlyMap<string, readonly PlayTask[]>>;
}

/** What `preflight` checks and gives, and more of it. */
export async function survey(options: PreflightOptions): Promise<Survey> {
  const { playbook, hosts, inventory } = options;
  const tagsOf = new Map<AnyPlay, (readonly string[])[]>(playbook.plays.map((play) => [play, []]));
  throwAll(playbookFaults(playbook, options.playbookFile));
  throwAll(distinct(hostFaults(playbook.check(hosts), inventory)));
  const made = new Map<AnyPlay, Map<string, readonly PlayTask[]>>(playbook.plays.map((play) => [play, new Map()]));
  const final = Object.keys(playbook.gather).length === 0;
  const planned: PlannedTask[] = [];
  const faults: InputError[] = [];
  const rounds = Math.max(1, ...Object.values(playbook.gather).map(({ samples }) => samples.length));
  const asked = createAsked();
  for (let round = 0; round < rounds; round++) {
    const samples = Object.entries(playbook.gather).map(([name, { samples, of }]): SampleOfFact => {
      const index = round % samples.length;
      const sample = samples[index];
      const members = of === undefined ? [] : (inventory.groups.get(of) ?? []);
      return { name, index, value: of === undefined ? sample : new Map(members.map((host) => [host, sample])) };
    });
    for (const play of playbook.plays) {
      // All hosts at once: what several of them read of this machine, such as a folder's files, is read once.
      const results = await Promise.all(
        hostsOf(play, options).map((host) => tasksOf(play, host, asked.factsFor(play, host.name, samples), options)),
      );
      for (const { host, tasks, fault } of results) {
        if (fault !== undefined) faults.push(fault);
        for (const { task } of tasks) faults.push(...tagFaults(task, playbook.tags));
        tagsOf.get(play)?.push(...tasks.map(({ task }) => [...play.tags, ...task.tags]));
        if (round > 0) continue;
        if (final && fault === undefined) made.get(play)?.set(host.name, tasks);
        planned.push(
          ...tasks.map(({ task }) => ({ play: play.name, host: host.name, task, tags: [...play.tags, ...task.tags] })),
        );
      }
    }
  }
  throwAll(distinct(faults));
  requireTags(options, new Set([...tagsOf.values()].flat(2)));
  requireStart(options.startAtTask, planned);
  return { planned, tagsOf, made };
}

interface Made {
  readonly host: Host;
  readonly tasks: readonly PlayTask[];
  readonly fault?: InputError;
}

/** The tasks of a play, and those of its `rescue` seen to be all right. None without facts. */
async function tasksOf(
  play: AnyPlay,
  host: Host,
  facts: Readonly<Record<string, unknown>> | undefined,
  options: PreflightOptions,
): Promise<Made> {
  if (facts === undefined) return { host, tasks: [] };
  const common = { ...makeOptions(options), host, facts, tags: { tags: [], skipTags: [] } };
  try {
    const tasks = await makeTasks({ ...common, play });
    const rescue = rescueOf(play);
    if (rescue !== undefined) await makeTasks({ ...common, play: rescue });
    return { host, tasks };
  } catch (error) {
    if (error instanceof InputError) return { host, tasks: [], fault: error };
    throw error;
  }
}

/** The part of makeTasks' options that is the same for the whole run. */
export function makeOptions(options: PreflightOptions) {
  return { hosts: options.hosts, groups: options.inventory.groups, environment: prepareEnvironment(options.playbookFile) };
}

/** The selected hosts of a play, in the inventory's order. */
export function hostsOf(play: AnyPlay, { hosts, selected }: Pick<PreflightOptions, 'hosts' | 'selected'>): readonly Host[] {
  const chosen = new Set(selected);
  return hosts.filter((host) => chosen.has(host.name) && isOf(play, host));
}

/** Whether a play is for a host, chosen or not. */
export function isOf(play: AnyPlay, { groups }: Host): boolean {
  return play.hosts.some((wanted) => wanted === 'all' || groups.includes(wanted));
}

function requireStart(start: string | undefined, planned: readonly PlannedTask[]): void {
  if (start === undefined || planned.some(({ task }) => isCalled(task, start))) return;
  const names = new Set(planned.flatMap(({ task }) => [task.name, task.id]));
  throw new InputError(`no task is called "${start}"${didYouMean(start, names)}`, { hint: '--list-tasks shows their names' });
}

/** Whether `--start-at-task` means this task: by its name or its id. */
export function isCalled(task: Task, name: string): boolean {
  return task.name === name || task.id === name;
}

function distinct(faults: readonly InputError[]): readonly InputError[] {
  const seen = new Map(
    faults.map((fault) => [`${fault.where === undefined ? '' : formatPosition(fault.where)} ${fault.message}`, fault]),
  );
  return [...seen.values()];
}

function throwAll(faults: readonly InputError[]): void {
  const [first, ...rest] = faults;
  if (first === undefined) return;
  throw rest.length === 0 ? first : new InputErrors(faults);
}
