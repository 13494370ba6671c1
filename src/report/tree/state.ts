import type { RunEvent, TaskStatus } from '../../model/event.js';
import { activityWords } from '../activity.js';
import { oneLine } from '../text.js';

/** A host in the play that runs, as the screen shows it. */
export interface HostState {
  readonly name: string;
  phase: 'waiting' | 'active' | 'done' | 'failed' | 'unreachable';
  /** What it is busy with. */
  activity: string;
  /** When that began, in milliseconds. */
  since: number;
  /** How many tasks it has in this play, once known. */
  tasks: number | undefined;
  readonly counts: Record<TaskStatus, number>;
  /** How each task ended, by its id. */
  readonly statuses: Map<string, TaskStatus>;
  /** The task that failed. */
  failedTask: string | undefined;
}

export interface PlayState {
  readonly name: string;
  /** In milliseconds. */
  readonly startedAt: number;
  readonly hosts: ReadonlyMap<string, HostState>;
}

/** A play whose hosts all wait. */
export function newPlay(name: string, hosts: readonly string[], now: number): PlayState {
  return { name, startedAt: now, hosts: new Map(hosts.map((host) => [host, newHost(host, now)])) };
}

function newHost(name: string, now: number): HostState {
  const counts = { ok: 0, changed: 0, unknown: 0, skipped: 0, failed: 0 };
  return {
    name,
    phase: 'waiting',
    activity: '',
    since: now,
    tasks: undefined,
    counts,
    statuses: new Map(),
    failedTask: undefined,
  };
}

/** Enters an event into the play's state. Hosts that the play does not have are left alone. */
export function follow(play: PlayState, event: RunEvent, now: number): void {
  if (!('host' in event) || event.host === undefined) return;
  const host = play.hosts.get(event.host);
  if (host === undefined) return;
  switch (event.type) {
    case 'host-tasks':
      host.tasks = event.tasks;
      break;
    case 'host-activity':
      host.phase = 'active';
      host.activity = activityWords(event);
      host.since = now;
      break;
    case 'task':
      if (host.phase === 'waiting') host.phase = 'active';
      enter(host, event.id, event.status);
      if (host.activity === oneLine(event.task)) host.activity = '';
      if (event.status === 'failed') {
        host.phase = 'failed';
        host.failedTask = event.task;
      }
      break;
    case 'host-unreachable':
      host.phase = 'unreachable';
      break;
    case 'host-end':
      if (host.phase === 'active' || host.phase === 'waiting') host.phase = 'done';
      break;
    case 'note':
      break;
  }
}

/** A task may be told again, when a later one undid it: the last word counts. */
function enter({ counts, statuses }: HostState, id: string, status: TaskStatus): void {
  const before = statuses.get(id);
  if (before !== undefined) counts[before]--;
  statuses.set(id, status);
  counts[status]++;
}

/** Tasks that the host is through with. */
export function finishedTasks({ counts }: HostState): number {
  return counts.ok + counts.changed + counts.unknown + counts.skipped + counts.failed;
}
