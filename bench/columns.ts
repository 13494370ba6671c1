import type { Bench, Command, Workload } from './workload.js';

/** A tool, as the tables name it. */
export interface Column {
  readonly tool: string;
  /** Whether the others are compared with it. */
  readonly isFloor: boolean;
  /** How it does a workload; undefined where it cannot. */
  command(workload: Workload, bench: Bench): Command | undefined;
}

const X25519 = ['-o', 'KexAlgorithms=curve25519-sha256'];

/** The tools that are compared, in the order in which they take turns. */
export const columns: readonly Column[] = [
  { tool: 'floor (x25519)', isFloor: true, command: (workload, bench) => workload.floor(bench, X25519) },
  { tool: 'floor (default)', isFloor: true, command: (workload, bench) => workload.floor(bench, []) },
  { tool: 'provision', isFloor: false, command: (workload, bench) => workload.ours(bench) },
];
