import { X25519 } from './floor.js';
import { ansible } from './peers/ansible.js';
import type { Bench, Command, Workload } from './workload.js';

/** A tool, as the tables name it. */
export interface Column {
  readonly tool: string;
  /** Whether the others are compared with it. */
  readonly isFloor: boolean;
  /** What bounds the time that it is given: peers take minutes where the others take seconds. */
  readonly patience?: Patience;
  /** What must be on the hosts before, untimed. */
  readonly prepare?: (bench: Bench) => Promise<void>;
  /** How it does a workload; undefined where it is not measured. */
  readonly command: (workload: Workload, bench: Bench) => Command | undefined;
}

/** How long a tool is waited for in one workload, in seconds. */
export interface Patience {
  /** A longer run is ended, and the last. */
  readonly run: number;
  /** After so much no more runs are begun. */
  readonly all: number;
}

/** The floor that the goals are about. */
export const FLOOR = 'floor (x25519)';

const DEFAULT_FLOOR = 'floor (default)';

/** All floors. */
export const FLOORS: readonly string[] = [FLOOR, DEFAULT_FLOOR];

/** This project's program. */
export const OURS = 'provision';

/** With more hosts, the default key exchange takes most of a run, and a run most of a minute; a hundred hosts show it. */
const MOST_OF_DEFAULT = 100;

const own: readonly Column[] = [
  { tool: FLOOR, isFloor: true, command: (workload, bench) => workload.floor(bench, X25519) },
  {
    tool: DEFAULT_FLOOR,
    isFloor: true,
    command: (workload, bench) => (workload.hosts > MOST_OF_DEFAULT ? undefined : workload.floor(bench, [])),
  },
  { tool: OURS, isFloor: false, command: (workload, bench) => workload.ours(bench) },
];

/** The tools that are compared, in the order in which they take turns, and what is to be said of those that are not here. */
export async function columns(peers: boolean): Promise<{ columns: readonly Column[]; missing: readonly string[] }> {
  if (!peers) return { columns: own, missing: [] };
  const found = await ansible();
  return { columns: [...own, ...found.columns], missing: found.missing };
}
