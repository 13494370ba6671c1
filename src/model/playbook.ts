import type { z } from 'zod';
import type { SourcePosition } from './errors.js';
import type { Read } from './fact.js';
import type { Host } from './host.js';
import type { Task } from './task.js';

/** Tasks in order; lists of lists are flattened, so a role's tasks can stand where a task stands. */
export type TaskList = readonly (Task | TaskList)[];

/**
 * A fact that a play's tasks need to be made at all (which distribution is it?). Its samples stand in for it when the
 * playbook is checked before any host is contacted: each host's tasks are made once for each sample.
 */
export interface Gathered<T> {
  readonly read: Read<T>;
  readonly samples: readonly [T, ...T[]];
}

export type GatheredFacts = Readonly<Record<string, Gathered<unknown>>>;

/** What a play's `tasks` gets for each of its hosts. */
export interface TaskContext<V, G extends string = string, F = object> {
  readonly host: Host<V>;
  readonly vars: V;
  /** The values of the playbook's `gather`. */
  readonly facts: F;
  /** The hosts of a group, in the inventory's order, whatever `--limit` says. */
  readonly hosts: (group: G | 'all') => readonly Host<V>[];
}

export interface Play<V, G extends string, F> {
  readonly name: string;
  /** A group, several, or `all`. */
  readonly hosts: G | 'all' | readonly G[];
  readonly tags?: readonly string[];
  /** How many hosts at a time: a number, or a share such as `50%`. Default: all of them. */
  readonly serial?: number | `${number}%`;
  /** The run stops after this play when more hosts than this have failed in it. Default: it goes on with the others. */
  readonly maxFailures?: number;
  /** The account that tasks run as. Default `root` (through sudo where the login is another). */
  readonly user?: string;
  tasks(context: TaskContext<V, G, F>): TaskList;
}

type FactValues<F> = { readonly [K in keyof F]: F[K] extends Gathered<infer T> ? T : never };

/** A playbook: the schema of its variables, the groups it knows, and its plays in order. */
export interface Playbook<S extends z.ZodType = z.ZodType, G extends string = string, F extends GatheredFacts = GatheredFacts> {
  /** Validates each host's merged variables before anything connects, and types `vars`. */
  readonly vars: S;
  /** The groups that plays name. The inventory must have them. */
  readonly groups: readonly G[];
  /** Facts gathered from every host before its tasks are made. */
  readonly gather?: F;
  readonly plays: readonly Play<z.output<S>, G, FactValues<F>>[];
  /** Faults that concern several hosts at once, as sentences; checked before anything connects. */
  check?(hosts: readonly Host<z.output<S>>[]): readonly string[];
}

/** A playbook without its types, as the engine runs it. */
export interface AnyPlaybook {
  readonly vars: z.ZodType;
  readonly groups: readonly string[];
  readonly gather: GatheredFacts;
  readonly plays: readonly AnyPlay[];
  check(hosts: readonly Host[]): readonly string[];
  readonly origin?: SourcePosition;
}

export interface AnyPlay {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly tags: readonly string[];
  readonly serial: number | `${number}%` | undefined;
  readonly maxFailures: number | undefined;
  readonly user: string;
  tasks(context: TaskContext<unknown, string, Readonly<Record<string, unknown>>>): readonly Task[];
}

type NoFacts = Readonly<Record<string, never>>;

/** Defines a playbook: a module's default export. */
export function playbook<S extends z.ZodType, const G extends string, F extends GatheredFacts = NoFacts>(
  definition: Playbook<S, G, F>,
): AnyPlaybook {
  return {
    vars: definition.vars,
    groups: definition.groups,
    gather: definition.gather ?? {},
    check: (hosts) => definition.check?.(hosts as readonly Host<z.output<S>>[]) ?? [],
    plays: definition.plays.map((play) => ({
      name: play.name,
      hosts: typeof play.hosts === 'string' ? [play.hosts] : play.hosts,
      tags: play.tags ?? [],
      serial: play.serial,
      maxFailures: play.maxFailures,
      user: play.user ?? 'root',
      tasks: (context) => flatten(play.tasks(context as TaskContext<z.output<S>, G, FactValues<F>>)),
    })),
  };
}

function flatten(list: TaskList): readonly Task[] {
  return list.flatMap((item) => (isTask(item) ? [item] : flatten(item)));
}

function isTask(item: Task | TaskList): item is Task {
  return !Array.isArray(item);
}
