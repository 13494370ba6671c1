import { smallTasks } from '../workloads/smallTasks.js';
import type { Workload } from '../workload.js';

/** A point of a curve. */
export interface Point {
  /** What has grown, in the unit of the axis. */
  readonly at: number;
  readonly workload: Workload;
  /** Milliseconds that a round trip to a host is longer. */
  readonly delay?: number;
}

/** Something that grows, while all else stays. */
export interface Growth {
  /** As the command line and the chart's file name it. */
  readonly name: string;
  readonly title: string;
  readonly axis: string;
  readonly points: readonly Point[];
}

const HOSTS = 3;
const TASKS = 10;

const point = (hosts: number, tasks: number): Workload => {
  return smallTasks(`growth-${hosts}-${tasks}`, hosts, tasks, { goal: { asked: NaN, aim: NaN } });
};

/** What the page shows curves of. */
export const growths: readonly Growth[] = [
  {
    name: 'growth-hosts',
    title: `${TASKS} tasks, nothing to change`,
    axis: 'hosts',
    points: [1, 10, 100, 500].map((at) => ({ at, workload: point(at, TASKS) })),
  },
  {
    name: 'growth-tasks',
    title: `${HOSTS} hosts, nothing to change`,
    axis: 'tasks',
    points: [10, 100, 500, 2000].map((at) => ({ at, workload: point(HOSTS, at) })),
  },
  {
    name: 'growth-delay',
    title: `${HOSTS} hosts, ${TASKS} tasks, nothing to change`,
    axis: 'round trip, ms',
    points: [1, 20, 100, 200].map((at) => ({ at, workload: point(HOSTS, TASKS), delay: at })),
  },
];
