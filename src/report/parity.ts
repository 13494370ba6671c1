import type { ChangeReport, RunEvent } from '../model/event.js';
import { sha256 } from '../util/hash.js';

/** A task on a host, for a person. */
export interface ParityEntry {
  readonly host: string;
  readonly play: string;
  readonly id: string;
}

/** How well a dry run (or a saved plan) announced what an apply then did. Lists are empty where it told the truth. */
export interface Parity {
  /** Tasks that the dry run said anything about, skipped ones left out. */
  readonly tasks: number;
  /** Changes that came exactly as announced: same task, same words, same diff. */
  readonly exact: number;
  /** Tasks that the dry run could not know: `known after apply`. */
  readonly unknown: readonly ParityEntry[];
  /** The dry run failed where the apply did not. */
  readonly spuriousErrors: readonly ParityEntry[];
  /** Changed, though the dry run said that it was in order or said nothing. */
  readonly unannounced: readonly ParityEntry[];
  /** Announced, and it did not come. */
  readonly missing: readonly ParityEntry[];
  /** Announced and done, but in other words or with another diff. */
  readonly different: readonly (ParityEntry & {
    readonly announced: readonly ChangeReport[];
    readonly done: readonly ChangeReport[];
  })[];
}

/** Compares what was announced with what was done, task by task and host by host, by the hash of what is shown. */
export function compareParity(announced: readonly RunEvent[], done: readonly RunEvent[]): Parity {
  const before = tasksOf(announced);
  const after = tasksOf(done);
  const where = (test: (key: string, event: TaskEvent) => boolean) =>
    [...before].flatMap(([key, event]) => (test(key, event) ? [entryOf(event)] : []));
  const both = [...before].flatMap(([key, event]) => {
    const twin = after.get(key);
    return event.status === 'changed' && twin?.status === 'changed' ? [{ event, twin }] : [];
  });
  const different = both.filter(({ event, twin }) => hashOf(event) !== hashOf(twin));
  return {
    tasks: before.size,
    exact: both.length - different.length,
    unknown: where((_, { status }) => status === 'unknown'),
    spuriousErrors: where((key, { status }) => status === 'failed' && after.get(key)?.status !== 'failed'),
    unannounced: [...after].flatMap(([key, event]) => {
      const announcement = before.get(key)?.status ?? 'ok';
      return event.status === 'changed' && announcement !== 'changed' && announcement !== 'unknown' ? [entryOf(event)] : [];
    }),
    missing: where((key, { status }) => status === 'changed' && after.get(key)?.status !== 'changed'),
    different: different.map(({ event, twin }) => ({ ...entryOf(event), announced: event.changes, done: twin.changes })),
  };
}

/** Whether the dry run told nothing but the truth; what it left open does not count against it. */
export function isTrue(parity: Parity): boolean {
  return [parity.spuriousErrors, parity.unannounced, parity.missing, parity.different].every((list) => list.length === 0);
}

type TaskEvent = Extract<RunEvent, { type: 'task' }>;

/** Each task's last word. */
function tasksOf(events: readonly RunEvent[]): ReadonlyMap<string, TaskEvent> {
  return new Map(
    events.flatMap((event) =>
      event.type === 'task' && event.status !== 'skipped' ? [[`${event.host}\n${event.play}\n${event.id}`, event] as const] : [],
    ),
  );
}

function hashOf({ changes }: TaskEvent): string {
  return sha256(JSON.stringify(changes.map(({ summary, diff }) => [summary, diff?.before ?? null, diff?.after ?? null])));
}

function entryOf({ host, play, id }: TaskEvent): ParityEntry {
  return { host, play, id };
}
