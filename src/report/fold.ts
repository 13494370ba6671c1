import type { ChangeReport, FaultReport, TaskStatus } from '../model/event.js';
import type { TaskEvent } from './changes.js';
import { mergeOrders } from './order.js';

/** A task that ended in the same way, with the same changes, on each of these hosts. */
export interface FoldedTask {
  readonly task: string;
  readonly id: string;
  readonly status: TaskStatus;
  readonly changes: readonly ChangeReport[];
  readonly because: readonly string[];
  readonly fault: FaultReport | undefined;
  /** More on it in a few words, as the reason for a drift. */
  readonly label: string | undefined;
  /** In the play's order. */
  readonly hosts: readonly [string, ...string[]];
}

/** Keeps the tasks of one play. */
export interface PlayLog {
  add(event: TaskEvent, label?: string): void;
  /** What it has, in the play's order, equal ones as one. */
  folded(): readonly FoldedTask[];
}

interface Kept {
  readonly key: string;
  readonly event: TaskEvent;
  readonly label: string | undefined;
}

/** A log for a play on these hosts. Tasks of other hosts come behind theirs. */
export function playLog(hosts: readonly string[]): PlayLog {
  const logs = new Map<string, Kept[]>(hosts.map((host) => [host, []]));
  return {
    add: (event, label) => {
      const log = logs.get(event.host) ?? [];
      logs.set(event.host, log);
      const twins = log.filter(({ event: { id, task } }) => id === event.id && task === event.task);
      const twin = twins.at(-1);
      // A task that failed after all (a later one undid it) is told again: the last word counts.
      if (twin !== undefined && event.status === 'failed') log[log.indexOf(twin)] = { ...twin, event };
      else log.push({ key: JSON.stringify([event.id, event.task, twins.length]), event, label });
    },
    folded: () => fold(logs),
  };
}

function fold(logs: ReadonlyMap<string, readonly Kept[]>): readonly FoldedTask[] {
  const order = mergeOrders([...logs.values()].map((log) => log.map(({ key }) => key)));
  const tasks = new Map(order.map((key) => [key, new Map<string, FoldedTask>()]));
  for (const [host, log] of logs) {
    for (const { key, event, label } of log) {
      const { task, id, status, changes, because = [], fault } = event;
      const equal = JSON.stringify([status, changes, because, fault, label]);
      const variants = tasks.get(key);
      const hosts = variants?.get(equal)?.hosts ?? [];
      variants?.set(equal, { task, id, status, changes, because, fault, label, hosts: joined(hosts, host) });
    }
  }
  return [...tasks.values()].flatMap((variants) => [...variants.values()]);
}

function joined(hosts: readonly string[], host: string): readonly [string, ...string[]] {
  const [first, ...rest] = hosts;
  return first === undefined ? [host] : [first, ...rest, host];
}
