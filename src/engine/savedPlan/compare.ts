import type { PlannedHost, PlanRead, SavedTask } from '../../model/savedPlan.js';
import { digestOf } from '../../util/digest.js';
import { placeOf } from './record.js';

/** How a host's plan of now differs from its saved plan. */
export interface PlanDifference {
  /** What the plan read and is different now, was not asked for then, or is not asked for any more. */
  readonly reads: readonly PlanRead[];
  /** Tasks that are planned otherwise now; `undefined` is a task that is not there. */
  readonly tasks: readonly { readonly id: string; readonly then: SavedTask | undefined; readonly now: SavedTask | undefined }[];
}

/** Compares what was planned for a host with what would be planned now. */
export function comparePlans(then: PlannedHost, now: PlannedHost): PlanDifference {
  const before = new Map(then.reads.map((read) => [placeOf(read), read]));
  const after = new Map(now.reads.map((read) => [placeOf(read), read]));
  const reads = [...new Map([...before, ...after])].flatMap(([place, read]) =>
    before.get(place)?.hash === after.get(place)?.hash ? [] : [read],
  );
  const tasksThen = new Map(then.tasks.map((task) => [`${task.play}\n${task.id}`, task]));
  const tasksNow = new Map(now.tasks.map((task) => [`${task.play}\n${task.id}`, task]));
  const tasks = [...new Set([...tasksThen.keys(), ...tasksNow.keys()])].flatMap((key) => {
    const [was, is] = [tasksThen.get(key), tasksNow.get(key)];
    return digestOf(was) === digestOf(is) ? [] : [{ id: (was ?? is)?.id ?? '', then: was, now: is }];
  });
  return { reads, tasks };
}
