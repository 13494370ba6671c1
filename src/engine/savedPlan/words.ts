import type { PlanRead, SavedTask } from '../../model/savedPlan.js';
import type { PlanDifference } from './compare.js';

/** A read's parameters that are shown of a long key. */
const SHOWN_KEY = 60;

/** What was read and is different, for a message: `file(/etc/motd), unit(nginx.service)`. */
export function describeReads(host: string, reads: readonly PlanRead[]): string {
  return reads.map((read) => `${shortKey(read.key)}${read.host === host ? '' : ` on ${read.host}`}`).join(', ');
}

function shortKey(key: string): string {
  return key.length <= SHOWN_KEY ? key : `${key.slice(0, SHOWN_KEY)}…)`;
}

/** Tasks that are planned otherwise, for a message: a sentence each. */
export function describeTasks(tasks: PlanDifference['tasks']): string {
  return tasks
    .map(({ id, then, now }) => {
      const [planned, today] = [inWords(then), inWords(now)];
      return `${id}: planned ${planned}, now ${planned === today ? 'with another difference or other steps' : today}`;
    })
    .join('; ');
}

function inWords(task: SavedTask | undefined): string {
  if (task === undefined) return 'not at all';
  const what = task.changes.flatMap(({ summary, parts }) =>
    parts === undefined ? [summary] : parts.map((part) => part.summary),
  );
  switch (task.status) {
    case 'ok':
      return 'no change';
    case 'skipped':
      return 'to be skipped';
    case 'unknown':
      return 'as known after apply';
    case 'failed':
      return 'not at all, as it fails';
    case 'changed':
      return `"${what.join(', ')}"`;
  }
}
