import type { RunEvent } from '../model/event.js';
import { playLog, type FoldedTask, type PlayLog } from './fold.js';
import type { RunEnd } from './recap.js';

/** A whole run, for those who tell it at its end. */
export interface RunRecord {
  /** What it was. */
  readonly kind: RunKind;
  readonly start: Extract<RunEvent, { type: 'run-start' }>;
  readonly plays: readonly PlayRecord[];
  readonly unreachable: readonly Extract<RunEvent, { type: 'host-unreachable' }>[];
  readonly notes: readonly Extract<RunEvent, { type: 'note' }>[];
  /** Left out where the run broke off. */
  readonly end: RunEnd | undefined;
}

export type RunKind = 'Run' | 'Dry run' | 'Drift';

export interface PlayRecord {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly tasks: readonly FoldedTask[];
}

/** Listens to a run's events and keeps them, equal tasks folded. */
export interface Recorder {
  /** `label` is for a task: more on it in a few words. */
  add(event: RunEvent, label?: string): void;
  /** The run so far. Undefined before its first event. */
  record(): RunRecord | undefined;
}

/** A recorder; `kind` is what the run is told as, where that is not to be seen from its events. */
export function recorder(kind?: RunKind): Recorder {
  const plays: { readonly name: string; readonly hosts: readonly string[]; readonly log: PlayLog }[] = [];
  const unreachable: Extract<RunEvent, { type: 'host-unreachable' }>[] = [];
  const notes: Extract<RunEvent, { type: 'note' }>[] = [];
  let start: RunRecord['start'] | undefined;
  let end: RunEnd | undefined;
  return {
    add: (event, label) => {
      switch (event.type) {
        case 'run-start':
          start = event;
          break;
        case 'play-start':
          plays.push({ name: event.play, hosts: event.hosts, log: playLog(event.hosts) });
          break;
        case 'task':
          plays.at(-1)?.log.add(event, label);
          break;
        case 'host-unreachable':
          unreachable.push(event);
          break;
        case 'note':
          notes.push(event);
          break;
        case 'run-end':
          end = event;
          break;
        case 'host-tasks':
        case 'host-activity':
        case 'host-end':
        case 'profile':
          break;
      }
    },
    record: () =>
      start === undefined
        ? undefined
        : {
            kind: kind ?? (start.dryRun ? 'Dry run' : 'Run'),
            start,
            unreachable,
            notes,
            end,
            plays: plays.map(({ log, ...play }) => ({ ...play, tasks: log.folded() })),
          },
  };
}
