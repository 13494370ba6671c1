import type { z } from 'zod';
import { digestOf } from '../util/digest.js';
import type { Change } from './change.js';
import { InputError, formatPosition, type SourcePosition } from './errors.js';
import type { Read, Reads, Values } from './fact.js';
import { callerPosition } from './origin.js';
import { placeOfKey } from '../util/literalPlace.js';
import { describeIssues, faultyKey } from './issues.js';

/** What belongs to a task whatever its kind. */
export interface TaskMeta {
  /** What the screen shows. Default: the kind and what it acts on. */
  readonly name?: string;
  /** What `--tags` and `--skip-tags` choose it by, beside its play's tags. */
  readonly tags?: readonly string[];
  /** False leaves the task out, counted as skipped. */
  readonly when?: boolean;
  /** The account that reads and steps run as. Default: the play's, which is root. */
  readonly user?: string;
}

/** What a kind may use on the controller, before any connection. */
export interface PrepareEnvironment {
  /** Finds a local file (a template, say): absolute, or relative to the folders that the playbook's project uses. Throws InputError where none is. */
  readonly resolve: (path: string, folder: 'templates' | 'files') => string;
}

/** A task of one kind for one host. It never does anything: it says what it must read and what must change. */
export interface Task {
  readonly kind: string;
  /** Kind and subject, as in `file /etc/hosts`: unique among a play's tasks of a host. */
  readonly id: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly skipped: boolean;
  readonly user: string | undefined;
  /** It alters nothing and only waits: it ends ok, never changed. */
  readonly waits: boolean;
  /** The host to act on, where it is not the play's. Set by `on`. */
  readonly host: string | undefined;
  /** What it was made with, as its kind's schema gave it. */
  readonly options: unknown;
  /** Where the playbook made it. */
  readonly origin: SourcePosition | undefined;
  /** Local work: renders templates, hashes files. Called once, before any connection. */
  prepare(environment: PrepareEnvironment): Promise<PreparedTask>;
}

/** A task that is ready to be planned. */
export interface PreparedTask {
  readonly reads: readonly Read<never>[];
  /** SHA-256 of its options with what was prepared of them, secrets masked: whether the code asks for something else than before. */
  digest(): string;
  /** Pure. `valueOf` gives the value of each of the task's reads. `[]` means converged. */
  plan(valueOf: (read: Read<never>) => unknown): readonly Change[];
}

export interface KindDefinition<S extends z.ZodType, P extends object, R extends Reads> {
  /** The kind's name, as it stands in front of a task's subject. */
  readonly kind: string;
  readonly options: S;
  /** True for a kind that alters nothing and only waits for something: its tasks end ok, never changed or unknown. */
  readonly waits?: boolean;
  /** What the task acts on: a path, a package's name. */
  subject(options: z.output<S>): string;
  /** Local work before any connection; its result joins the options. */
  prepare?(options: z.output<S>, environment: PrepareEnvironment): P | Promise<P>;
  /** What tells this from other code, where the options with what was prepared say it at great length. Default: all of them. */
  identity?(options: z.output<S> & P): unknown;
  reads(options: z.output<S> & P): R;
  /** Pure: no I/O, no clock, no randomness. Throw PlanError for what cannot be. */
  plan(options: z.output<S> & P, now: Values<R>): readonly Change[];
}

/** Defines a kind of task. The result makes tasks of it: `file({ path: '/etc/motd', content: 'hello\n' })`. */
export function defineTask<S extends z.ZodType, const R extends Reads, P extends object = object>(
  definition: KindDefinition<S, P, R>,
): (options: z.input<S>, meta?: TaskMeta) => Task {
  const make = (input: z.input<S>, meta: TaskMeta = {}): Task => {
    const origin = callerPosition(make);
    const parsed = definition.options.safeParse(input);
    if (!parsed.success) {
      const key = faultyKey(parsed.error, input);
      throw new InputError(`${definition.kind}: ${describeIssues(parsed.error, definition.options, input)}`, {
        where: origin === undefined || key === undefined ? origin : placeOfKey(origin, key),
      });
    }
    const options = parsed.data;
    const id = `${definition.kind} ${definition.subject(options)}`;
    return {
      kind: definition.kind,
      id,
      name: meta.name ?? id,
      tags: meta.tags ?? [],
      skipped: meta.when === false,
      user: meta.user,
      waits: definition.waits ?? false,
      host: undefined,
      options,
      origin,
      prepare: async (environment) => {
        const prepared = await definition.prepare?.(options, environment);
        return ready(definition, { ...(options as object), ...prepared } as z.output<S> & P);
      },
    };
  };
  return make;
}

/** The same task on another host of the inventory: `on('lb-01', haproxyServer({ … }))`. */
export function on(host: string, task: Task): Task {
  return { ...task, host, id: `${task.id} on ${host}` };
}

function ready<S extends z.ZodType, P extends object, R extends Reads>(
  definition: KindDefinition<S, P, R>,
  options: z.output<S> & P,
): PreparedTask {
  const reads = definition.reads(options);
  return {
    reads: Object.values(reads).flat(),
    digest: () => digestOf(definition.identity?.(options) ?? options),
    plan: (valueOf) => {
      const values = Object.fromEntries(
        Object.entries(reads).map(([name, read]) => [name, isList(read) ? read.map((one) => valueOf(one)) : valueOf(read)]),
      );
      return definition.plan(options, values as Values<R>);
    },
  };
}

function isList(read: Reads[string]): read is readonly Read<never>[] {
  return Array.isArray(read);
}

/** `playbooks/site.ts:12:5 file /etc/hosts`: a task's place for a message. */
export function describeTask(task: Task): string {
  return task.origin === undefined ? task.id : `${task.id} (${formatPosition(task.origin)})`;
}
