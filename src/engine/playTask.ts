import type { Inventory } from '../model/inventory.js';
import { InputError, ProvisionError } from '../model/errors.js';
import type { Host } from '../model/host.js';
import { callerPosition, thrownAt } from '../model/origin.js';
import type { AnyPlay } from '../model/playbook.js';
import type { PreparedTask, PrepareEnvironment, Task } from '../model/task.js';
import { placeOfLiteral } from '../util/literalPlace.js';
import { didYouMean } from '../util/names.js';
import type { Subject } from './knowledge.js';
import { isChosen, type TagFilter } from './tags.js';

/** A task of a play on one host, ready to be planned. */
export interface PlayTask {
  readonly play: string;
  readonly task: Task;
  readonly on: Subject;
  readonly prepared: PreparedTask;
}

export interface MakeTasksOptions {
  readonly play: AnyPlay;
  readonly host: Host;
  /** All hosts of the inventory. */
  readonly hosts: readonly Host[];
  readonly groups: Inventory['groups'];
  readonly facts: Readonly<Record<string, unknown>>;
  readonly tags: TagFilter;
  readonly environment: PrepareEnvironment;
}

/** Calls the play for a host and does its tasks' local work. Throws InputError for whatever is wrong with them. */
export async function makeTasks(options: MakeTasksOptions): Promise<readonly PlayTask[]> {
  const { play, host, hosts, tags, environment } = options;
  const tasks = callPlay(options).filter((task) => isChosen([...play.tags, ...task.tags], tags));
  for (const task of tasks) {
    if (task.host !== undefined && !hosts.some(({ name }) => name === task.host)) {
      const { origin } = task;
      const known = hosts.map(({ name }) => name);
      throw new InputError(`${task.id}: no host "${task.host}" is in the inventory${didYouMean(task.host, known)}`, {
        where: origin === undefined ? undefined : placeOfLiteral(origin.file, task.host, { line: origin.line }),
      });
    }
  }
  return Promise.all(
    tasks.map(async (task) => ({
      play: play.name,
      task,
      on: { host: task.host ?? host.name, user: task.user ?? play.user },
      prepared: task.skipped ? NOTHING : await prepare(task, environment),
    })),
  );
}

const NOTHING: PreparedTask = { reads: [], digest: () => '', plan: () => [] };

function callPlay({ play, host, hosts, groups, facts }: MakeTasksOptions): readonly Task[] {
  const hostsOfGroup = (group: string): readonly Host[] => {
    const names = groups.get(group);
    if (names !== undefined) return hosts.filter(({ name }) => names.includes(name));
    const caller = callerPosition(hostsOfGroup);
    throw new InputError(`no group "${group}" is in the inventory${didYouMean(group, groups.keys())}`, {
      where: caller === undefined ? undefined : placeOfLiteral(caller.file, group, { line: caller.line }),
    });
  };
  try {
    return play.tasks({ host, vars: host.vars, facts, hosts: hostsOfGroup });
  } catch (error) {
    if (error instanceof ProvisionError) throw error;
    throw new InputError(`play "${play.name}" for ${host.name}: ${error instanceof Error ? error.message : String(error)}`, {
      where: thrownAt(error),
      cause: error,
    });
  }
}

async function prepare(task: Task, environment: PrepareEnvironment): Promise<PreparedTask> {
  try {
    return await task.prepare(placing(task, environment));
  } catch (error) {
    if (error instanceof ProvisionError && error.where !== undefined) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new InputError(`${task.id}: ${message}`, {
      where: task.origin,
      hint: error instanceof ProvisionError ? error.hint : undefined,
      cause: error,
    });
  }
}

/** Shows a local file that is missing where the task names it. */
function placing(task: Task, environment: PrepareEnvironment): PrepareEnvironment {
  return {
    resolve: (path, folder) => {
      try {
        return environment.resolve(path, folder);
      } catch (error) {
        if (!(error instanceof InputError) || task.origin === undefined) throw error;
        const where = placeOfLiteral(task.origin.file, path, { line: task.origin.line });
        throw new InputError(`${task.id}: ${error.message}`, { where, hint: error.hint, cause: error });
      }
    },
  };
}
