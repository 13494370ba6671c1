import type { Topic } from './topic.js';

/** How a command on a host ended. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One script and what its result says about the questions that it answers, in their order. */
export interface Query {
  readonly script: string;
  parse(result: CommandResult): readonly unknown[];
}

/** A fact without its types: what the engine needs to gather it. */
export interface AnyFact {
  readonly name: string;
  readonly live: boolean;
  essence(value: unknown): unknown;
  queries(params: readonly unknown[]): readonly { readonly query: Query; readonly covers: number }[];
  merge(a: unknown, b: unknown): unknown;
}

/**
 * A question to a host: a fact with its parameters. Two reads with the same key (and host) are the same question and
 * are asked once.
 */
export interface Read<T> {
  readonly key: string;
  readonly fact: AnyFact;
  readonly params: unknown;
  readonly topics: readonly Topic[];
  /** The name of the host to ask, where it is not the one that the task runs on. */
  readonly host?: string | undefined;
  /** States what this read will give after a change. */
  predict(value: T): Prediction;
}

/** What a read will give once a change is made. */
export interface Prediction {
  /** The read's key; of all reads of a fact the fact's name. */
  readonly key: string;
  readonly host?: string | undefined;
  readonly value: unknown;
  /** In place of `value`: tells it from what the read gives before the change, where that is known. */
  readonly tell?: ((now: unknown) => Told<unknown> | undefined) | undefined;
}

/** A value that is told from another; wrapped, as `undefined` may be a value too. */
export interface Told<T> {
  readonly value: T;
}

/** What a prediction can be of: a read, or all reads of a fact on a host. */
export type Predictable<T> = Pick<Read<T>, 'key' | 'host' | 'predict'>;

/** Makes reads of a fact, one for each question. */
export interface FactReader<P, T> {
  (params: P, options?: ReadOptions): Read<T>;
  /** All its reads on a host, for a prediction that holds whatever their parameters are. */
  every(options?: ReadOptions): Predictable<T>;
}

/** States what a read will give by what it gives before the change; `undefined` where that tells nothing. */
export function predictFrom<T>({ key, host }: Predictable<T>, tell: (now: T) => Told<T> | undefined): Prediction {
  return { key, host, value: undefined, tell: (now) => tell(now as T) };
}

/** States that a change leaves what a read gives as it is, whatever the change touches. */
export function unchanged({ key, host }: Pick<Prediction, 'key' | 'host'>): Prediction {
  return { key, host, value: undefined, tell: (value) => ({ value }) };
}

export type Reads = Readonly<Record<string, Read<never> | readonly Read<never>[]>>;

/** The values of a record of reads, in the same shape. */
export type Values<R> = {
  readonly [K in keyof R]: R[K] extends readonly Read<infer T>[] ? readonly T[] : R[K] extends Read<infer T> ? T : never;
};

interface FactCommon<P, T> {
  /** Unique among all facts; the first part of a read's key. */
  readonly name: string;
  /**
   * True for what only the running system knows (whether a unit runs, a database's accounts): a rehearsal on a copy of
   * the file system cannot ask for it. Default false: files and the programs that read them tell it.
   */
  readonly live?: boolean;
  /**
   * The part of a value that a saved plan stands on: two values of one essence make the same plan. Leave out what time
   * alone changes (an age, a position that grows). Default: all of it.
   */
  essence?(value: T): unknown;
  /** What the value depends on. Default: everything, so any change makes it stale. */
  topics?(params: P): readonly Topic[];
  /** Which parameters make it another question. Default: all of them. */
  key?(params: P): string;
  /** Where two reads have one key but differ in the rest of their parameters: the parameters that serve both. */
  merge?(a: P, b: P): P;
}

export interface FactDefinition<P, T> extends FactCommon<P, T> {
  /** A POSIX sh script that only looks. It runs in a subshell with no standard input. */
  command(params: P): string;
  /** Turns its result into a value. A non-zero code is a result like another; throw only for what cannot be. */
  parse(result: CommandResult, params: P): T;
}

export interface BatchFactDefinition<P, T> extends FactCommon<P, T> {
  /** One script for all of a host's questions of this fact: few processes on the host, whatever their number. */
  command(params: readonly P[]): string;
  /** One value for each of the parameters, in their order. */
  parse(result: CommandResult, params: readonly P[]): readonly T[];
}

/** Where a read is asked, when not on the task's own host. */
export interface ReadOptions {
  readonly host?: string | undefined;
}

/** Defines a fact whose every question is a script of its own. */
export function defineFact<P, T>(definition: FactDefinition<P, T>): FactReader<P, T> {
  return reader<P, T>(definition, (params) =>
    params.map((one) => ({
      covers: 1,
      query: { script: definition.command(one), parse: (result) => [definition.parse(result, one)] },
    })),
  );
}

/** Defines a fact that answers all its questions about a host with one script. */
export function defineBatchFact<P, T>(definition: BatchFactDefinition<P, T>): FactReader<P, T> {
  return reader<P, T>(definition, (params) => [
    {
      covers: params.length,
      query: { script: definition.command(params), parse: (result) => definition.parse(result, params) },
    },
  ]);
}

function reader<P, T>(
  definition: FactCommon<P, T>,
  queries: (params: readonly P[]) => ReturnType<AnyFact['queries']>,
): FactReader<P, T> {
  const fact: AnyFact = {
    name: definition.name,
    live: definition.live ?? false,
    essence: (value) => (definition.essence === undefined ? value : definition.essence(value as T)),
    queries: (params) => queries(params as readonly P[]),
    merge: (a, b) => (definition.merge === undefined ? a : definition.merge(a as P, b as P)),
  };
  const predictable = (key: string, host: string | undefined): Predictable<T> => ({
    key,
    host,
    predict: (value) => ({ key, host, value }),
  });
  const read = (params: P, { host }: ReadOptions = {}): Read<T> => ({
    ...predictable(`${definition.name}(${definition.key?.(params) ?? JSON.stringify(params)})`, host),
    fact,
    params,
    topics: definition.topics?.(params) ?? ['*'],
  });
  return Object.assign(read, { every: ({ host }: ReadOptions = {}) => predictable(definition.name, host) });
}
