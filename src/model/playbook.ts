import type { z } from 'zod';
import type { SourcePosition } from './errors.js';
import type { DatabaseServer } from './database.js';
import type { Read } from './fact.js';
import type { Host } from './host.js';
import type { Service } from './service.js';
import type { Task } from './task.js';

/** Tasks in order; lists of lists are flattened, so a role's tasks can stand where a task stands. */
export type TaskList = readonly (Task | TaskList)[];

/**
 * A fact that a play's tasks need to be made at all (which distribution is it?). Its samples stand in for it when the
 * playbook is checked before any host is contacted: each host's tasks are made once for each sample.
 */
export interface Gathered<T, G extends string = string> {
  readonly read: Read<T>;
  readonly samples: readonly [T, ...T[]];
  /**
   * A group whose hosts must know this of each other (which database takes the writes now?): it is gathered from the group's hosts
   * only, whatever `--limit` says, and each of them gets a `GroupFacts` in place of a value. Other hosts get an empty one.
   */
  readonly of?: G;
}

export type GatheredFacts<G extends string = string> = Readonly<Record<string, Gathered<unknown, G>>>;

/** What a group's hosts gave, by the host's name; `undefined` for one that could not be asked. */
export type GroupFacts<T> = ReadonlyMap<string, T | undefined>;

/** Gives the hosts of a group, or of all. */
export type HostsOf<V, G extends string> = (group: G | 'all') => readonly Host<V>[];

/** What a play's `tasks` gets for each of its hosts. `G` are the groups that a role asks for; by default none but `all`. */
export interface TaskContext<V, G extends string = never, F = object> {
  readonly host: Host<V>;
  readonly vars: V;
  /** The values of the playbook's `gather`. */
  readonly facts: F;
  /** The hosts of a group, in the inventory's order, whatever `--limit` says. */
  readonly hosts: (group: G | 'all') => readonly Host<V>[];
}

export interface Play<V, G extends string, F, T extends string = string> {
  readonly name: string;
  /** A group, several, or `all`. */
  readonly hosts: G | 'all' | readonly G[];
  /** What `--tags` and `--skip-tags` choose it by. Where the playbook declares its tags, one of those. */
  readonly tags?: readonly (T | SpecialTag)[];
  /** How many hosts at a time: a number, or a share such as `50%`. Default: all of them. */
  readonly serial?: number | `${number}%`;
  /** The run stops after this play when more hosts than this have failed in it. Default: it goes on with the others. */
  readonly maxFailures?: number;
  /** The account that tasks run as. Default `root` (through sudo where the login is another). */
  readonly user?: string;
  tasks(context: TaskContext<V, G, F>): TaskList;
  /**
   * Tasks for a host on which this play changed something and did not come to its end: a task failed, the connection was lost, somebody
   * pressed Ctrl-C. They bring back what must not stay so: a server without traffic, half of a release. Facts are those from before the play.
   */
  rescue?(context: TaskContext<V, G, F>): TaskList;
}

/** Tags with a meaning of their own: chosen unless skipped, and only when asked for. */
type SpecialTag = 'always' | 'never';

/** A fault of hosts' variables that no schema can see. */
export interface HostFault {
  /** What is wrong, as a sentence. */
  readonly message: string;
  /** The host and its variable that it is about: their place is shown. */
  readonly host?: string | undefined;
  readonly variable?: string | undefined;
  /** The value that is wrong and the right ones: the nearest is proposed. */
  readonly value?: string | undefined;
  readonly known?: readonly string[] | undefined;
  /** What to do about it. */
  readonly hint?: string | undefined;
}

/**
 * The schema of a playbook's variables: of an object, whatever it says of keys that it does not name. Asking for any schema
 * (`z.ZodType`) would make the compiler compare the two member by member, for each playbook anew: most of a second.
 */
export type VarsSchema = z.ZodObject<z.core.$ZodLooseShape, z.core.$ZodObjectConfig>;

type FactValues<F> = {
  readonly [K in keyof F]: F[K] extends Gathered<infer T> ? (F[K] extends { readonly of: string } ? GroupFacts<T> : T) : never;
};

/** A playbook: the schema of its variables, the groups it knows, and its plays in order. */
export interface Playbook<
  S extends VarsSchema = VarsSchema,
  G extends string = string,
  F extends GatheredFacts = GatheredFacts,
  T extends string = string,
> {
  /** Validates each host's merged variables before anything connects, and types `vars`. */
  readonly vars: S;
  /** The groups that plays name. The inventory must have them. */
  readonly groups: readonly G[];
  /** Groups that its roles look for among the groups of a host, and that an inventory may do without. */
  readonly optionalGroups?: readonly string[];
  /** The tags that its plays and tasks may have. Any other is refused then; without a list all are taken. */
  readonly tags?: readonly T[];
  /** Facts gathered from every host before its tasks are made. */
  readonly gather?: F;
  readonly plays: readonly Play<z.output<S>, NoInfer<G>, FactValues<F>, NoInfer<T>>[];
  /**
   * Faults that no schema sees, of several hosts together say; a sentence or more. `of` gives the hosts of a group. Checked
   * before anything connects.
   */
  check?(
    hosts: readonly Host<z.output<S>>[],
    of: (group: NoInfer<G> | 'all') => readonly Host<z.output<S>>[],
  ): readonly (string | HostFault)[];
  /** What the hosts offer over the network once the playbook has run. `of` gives the hosts of a group. */
  services?(of: (group: NoInfer<G> | 'all') => readonly Host<z.output<S>>[]): readonly Service[];
  /** The group of database servers that `provision db` works on. `of` gives the hosts of a group. */
  databases?(of: (group: NoInfer<G> | 'all') => readonly Host<z.output<S>>[]): readonly DatabaseServer[];
}

/** A playbook without its types, as the engine runs it. */
export interface AnyPlaybook {
  readonly vars: z.ZodType;
  readonly groups: readonly string[];
  readonly optionalGroups: readonly string[];
  /** Undefined where it declares none. */
  readonly tags?: readonly string[] | undefined;
  readonly gather: GatheredFacts;
  readonly plays: readonly AnyPlay[];
  check(hosts: readonly Host[]): readonly HostFault[];
  /** Undefined where the playbook does not tell. */
  readonly services?: ((hosts: readonly Host[]) => readonly Service[]) | undefined;
  /** Undefined where the playbook has none. */
  readonly databases?: ((hosts: readonly Host[]) => readonly DatabaseServer[]) | undefined;
  readonly origin?: SourcePosition;
}

type AnyContext = TaskContext<unknown, string, Readonly<Record<string, unknown>>>;

export interface AnyPlay {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly tags: readonly string[];
  readonly serial: number | `${number}%` | undefined;
  readonly maxFailures: number | undefined;
  readonly user: string;
  tasks(context: AnyContext): readonly Task[];
  readonly rescue?: ((context: AnyContext) => readonly Task[]) | undefined;
}

type NoFacts = Readonly<Record<string, never>>;

/** Defines a playbook: a module's default export. */
export function playbook<
  S extends VarsSchema,
  const G extends string,
  F extends GatheredFacts<G> = NoFacts,
  const T extends string = string,
>(definition: Playbook<S, G, F, T>): AnyPlaybook {
  type Site = readonly Host<z.output<S>>[];
  const groupsOf = (hosts: Site) => (group: G | 'all') =>
    group === 'all' ? hosts : hosts.filter(({ groups }) => groups.includes(group));
  return {
    vars: definition.vars,
    groups: definition.groups,
    optionalGroups: definition.optionalGroups ?? [],
    tags: definition.tags,
    gather: definition.gather ?? {},
    check: (given) => {
      const hosts = given as Site;
      const faults = definition.check?.(hosts, groupsOf(hosts)) ?? [];
      return faults.map((fault) => (typeof fault === 'string' ? { message: fault } : fault));
    },
    services: definition.services && ((hosts) => definition.services?.(groupsOf(hosts as Site)) ?? []),
    databases: definition.databases && ((hosts) => definition.databases?.(groupsOf(hosts as Site)) ?? []),
    plays: definition.plays.map((play) => ({
      name: play.name,
      hosts: typeof play.hosts === 'string' ? [play.hosts] : play.hosts,
      tags: play.tags ?? [],
      serial: play.serial,
      maxFailures: play.maxFailures,
      user: play.user ?? 'root',
      tasks: (context) => flatten(play.tasks(context as TaskContext<z.output<S>, G, FactValues<F>>)),
      rescue: play.rescue && ((context) => flatten(play.rescue?.(context as TaskContext<z.output<S>, G, FactValues<F>>) ?? [])),
    })),
  };
}

/**
 * A role whose tasks for a host are made once, though several plays ask for them. It must depend on nothing but the host and its facts, as
 * every role does.
 */
export function oncePerHost<C extends { readonly host: object; readonly facts: object }>(
  role: (context: C) => TaskList,
): (context: C) => TaskList {
  const made = new WeakMap<object, WeakMap<object, TaskList>>();
  return (context) => {
    const ofFacts = made.get(context.facts) ?? new WeakMap<object, TaskList>();
    made.set(context.facts, ofFacts);
    const tasks = ofFacts.get(context.host) ?? role(context);
    ofFacts.set(context.host, tasks);
    return tasks;
  };
}

/** The tasks of a list and of the lists in it, in order. */
export function flatten(list: TaskList): readonly Task[] {
  return list.flatMap((item) => (isTask(item) ? [item] : flatten(item)));
}

function isTask(item: Task | TaskList): item is Task {
  return !Array.isArray(item);
}
