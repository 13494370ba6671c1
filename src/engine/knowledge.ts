import type { Prediction, Read, Told } from '../model/fact.js';
import { overlaps, type Topic } from '../model/topic.js';
import { topicIndex } from './topicIndex.js';

interface Entry {
  readonly read: Read<never>;
  readonly value: unknown;
  /** `known`: read from the host. `predicted`: what a planned change will make it. `stale`: a change may have altered it. */
  readonly state: 'known' | 'predicted' | 'stale';
  readonly because?: Cause | undefined;
}

/** The last change that made something stale, and those before it. */
interface Cause {
  readonly by: string;
  readonly earlier: Cause | undefined;
}

/** What is known of all hosts at this point of a run (or of a dry run's imagination). */
export interface Knowledge {
  /** Undefined where it was never read. */
  state(on: Subject, read: Read<never>): Entry['state'] | undefined;
  /** The value, stale ones included. Throws where there is none. */
  value(on: Subject, read: Read<never>): unknown;
  learn(on: Subject, read: Read<never>, value: unknown): void;
  /** The names of the changes that made a read stale, in their order; one for another host than the subject's names that host too. */
  reasons(on: Subject, read: Read<never>): readonly string[];
  /** A change on a host: what it touches is stale, except what it predicts. `by` is its name for a person. */
  apply(host: string, touches: readonly Topic[], predicts: readonly Prediction[], by: string): void;
  /** Planned changes were made: predictions give way to what will be read, so all of a host's are stale. */
  distrustPredictions(host: string): void;
  /** Everything read from a host is stale. */
  forget(host: string): void;
}

/** Where a read is asked: on which host and as whom. */
export interface Subject {
  readonly host: string;
  readonly user: string;
}

/** A change that was planned but not made: what it does to reads, also to those that are asked for only later. */
interface Planned {
  readonly touches: readonly Topic[];
  readonly predicts: readonly Prediction[];
  readonly by: string;
}

/** Told of each value as it came from a host. */
export type Learned = (on: Subject, read: Read<never>, value: unknown) => void;

export function createKnowledge(onLearn?: Learned): Knowledge {
  const hosts = new Map<string, HostEntries>();
  const planned = new Map<string, Planned[]>();
  const entriesOf = (host: string) => {
    const entries = hosts.get(host) ?? hostEntries();
    hosts.set(host, entries);
    return entries;
  };
  const find = (on: Subject, read: Read<never>) => entriesOf(read.host ?? on.host).all.get(keyOf(on, read));
  const mark = (host: string, matches: (entry: Entry) => boolean) => {
    const entries = entriesOf(host).all;
    for (const [key, entry] of entries) if (matches(entry)) entries.set(key, { ...entry, state: 'stale' });
  };
  return {
    state: (on, read) => find(on, read)?.state,
    value: (on, read) => {
      const entry = find(on, read);
      if (entry === undefined) throw new Error(`${read.key} was never read`);
      return entry.value;
    },
    learn: (on, read, value) => {
      onLearn?.(on, read, value);
      const host = read.host ?? on.host;
      const entry = (planned.get(host) ?? []).reduce(after, { read, value, state: 'known' });
      entriesOf(host).set(keyOf(on, read), entry);
    },
    reasons: (on, read) => {
      const place = read.host ?? on.host;
      const names: string[] = [];
      for (let cause = find(on, read)?.because; cause !== undefined; cause = cause.earlier) {
        names.unshift(place === on.host ? cause.by : `${cause.by} on ${place}`);
      }
      return names;
    },
    apply: (host, touches, predicts, by) => {
      const places = new Set([host, ...predicts.map((one) => one.host ?? host)]);
      for (const place of places) {
        const change: Planned = {
          touches: place === host ? touches : [],
          predicts: predicts.filter((one) => (one.host ?? host) === place),
          by,
        };
        const before = planned.get(place) ?? [];
        before.push(change);
        planned.set(place, before);
        const { all, concernedBy } = entriesOf(place);
        for (const key of concernedBy(change)) {
          const entry = all.get(key);
          if (entry !== undefined) all.set(key, after(entry, change));
        }
      }
    },
    distrustPredictions: (host) => {
      planned.delete(host);
      mark(host, (entry) => entry.state === 'predicted');
    },
    forget: (host) => {
      mark(host, () => true);
    },
  };
}

/** What is known of one host, with what finds it quickly: a thousand changes must not each look at all of it. */
interface HostEntries {
  readonly all: Map<string, Entry>;
  set(key: string, entry: Entry): void;
  /** The keys of entries that a change touches or predicts. */
  readonly concernedBy: (change: Planned) => ReadonlySet<string>;
}

function hostEntries(): HostEntries {
  const all = new Map<string, Entry>();
  const topics = topicIndex();
  /** By what a prediction may name: a read's key, or all reads of a fact. */
  const named = new Map<string, Set<string>>();
  return {
    all,
    set: (key, entry) => {
      if (!all.has(key)) {
        topics.add(key, entry.read.topics);
        for (const name of [entry.read.key, entry.read.fact.name]) named.set(name, (named.get(name) ?? new Set()).add(key));
      }
      all.set(key, entry);
    },
    concernedBy: ({ touches, predicts }) => {
      const found = touches.flatMap((touch) => [...topics.touchedBy(touch)]);
      return new Set([...found, ...predicts.flatMap((one) => [...(named.get(one.key) ?? [])])]);
    },
  };
}

/** What an entry is once a change is made. */
function after(entry: Entry, { touches, predicts, by }: Planned): Entry {
  const { key, fact } = entry.read;
  const prediction = predicts.find((one) => one.key === key) ?? predicts.find((one) => one.key === fact.name);
  const told = prediction === undefined ? undefined : tellValue(prediction, entry);
  if (told !== undefined) return { ...entry, value: told.value, state: 'predicted', because: undefined };
  const touched = entry.read.topics.some((topic) => touches.some((one) => overlaps(topic, one)));
  return touched ? { ...entry, state: 'stale', because: { by, earlier: entry.because } } : entry;
}

/** The value that a prediction states; undefined where it is told from one that is not known itself. */
function tellValue({ value, tell }: Prediction, now: Entry): Told<unknown> | undefined {
  if (tell === undefined) return { value };
  return now.state === 'stale' ? undefined : tell(now.value);
}

/** The account is part of the question: what a file's owner may read, another may not. */
function keyOf(on: Subject, read: Read<never>): string {
  return `${on.user} ${read.key}`;
}
