import type { RunEvent } from '../../model/event.js';
import type { PlannedHost, PlanRead, SavedTask } from '../../model/savedPlan.js';
import type { Read } from '../../model/fact.js';
import type { Watch } from '../converge.js';
import type { Subject } from '../knowledge.js';
import type { PlannedItem } from '../plan.js';
import { run, type RunOptions, type RunOutcome } from '../run.js';
import { digestOf } from '../../util/digest.js';
import { savedChange } from './savedChange.js';

/** What a dry run found, with all that it stands on. */
export interface Recording {
  readonly outcome: RunOutcome;
  readonly events: readonly RunEvent[];
  readonly hosts: Readonly<Record<string, PlannedHost>>;
  /** What was planned, in its order. */
  readonly items: readonly RecordedItem[];
  /** The hash of what a read gave at first; undefined where it was never asked. */
  readonly hashOf: (on: Subject, read: Read<never>) => string | undefined;
}

export interface RecordedItem extends PlannedItem {
  readonly host: string;
  readonly play: string;
}

/** Runs a playbook dry, and keeps what it read and what it planned. */
export async function recordPlan(options: RunOptions): Promise<Recording> {
  const reads = new Map<string, PlanRead>();
  const events: RunEvent[] = [];
  const items: RecordedItem[] = [];
  const hosts = new Map<string, { tasks: SavedTask[]; asked: Set<string> }>();
  const watch: Watch = {
    learned: (on, read, value) => {
      const host = read.host ?? on.host;
      const found: PlanRead = { host, user: on.user, key: read.key, hash: digestOf(read.fact.essence(value)) };
      // The first answer is the one that nothing of the run itself has altered.
      if (!reads.has(placeOf(found))) reads.set(placeOf(found), found);
    },
    planned: ({ host, play }, item) => {
      items.push({ ...item, host, play });
      const kept = hosts.get(host) ?? { tasks: [], asked: new Set<string>() };
      hosts.set(host, kept);
      kept.tasks.push(savedTask(play, item));
      for (const place of placesOf(item)) kept.asked.add(place);
    },
  };
  const hashOf: Recording['hashOf'] = (on, read) =>
    reads.get(placeOf({ host: read.host ?? on.host, user: on.user, key: read.key }))?.hash;
  const outcome = await run({
    ...options,
    dryRun: true,
    watch,
    report: (event) => {
      events.push(event);
      options.report(event);
    },
  });
  const planned = [...hosts].map(([host, { tasks, asked }]): [string, PlannedHost] => [
    host,
    // Beside what its tasks read: the facts of the host itself, which decide which tasks there are.
    { tasks, reads: [...reads].flatMap(([place, read]) => (asked.has(place) || read.host === host ? [read] : [])) },
  ]);
  return { outcome, events, hosts: Object.fromEntries(planned), items, hashOf };
}

function placesOf({ task: { prepared, on } }: PlannedItem): readonly string[] {
  return prepared.reads.map((read) => placeOf({ host: read.host ?? on.host, user: on.user, key: read.key }));
}

/** A question's name among all hosts. */
export function placeOf({ host, user, key }: Pick<PlanRead, 'host' | 'user' | 'key'>): string {
  return `${host} ${user} ${key}`;
}

/** A planned task as a file may hold it. */
export function savedTask(play: string, { task: { task }, status, basis, changes }: PlannedItem): SavedTask {
  return { play, id: task.id, name: task.name, status, basis, changes: changes.map(savedChange) };
}
