import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from './measure.js';
import type { Goal } from './workload.js';

/** All runs of a tool in one workload. The runs with the same index were made one after the other. */
export interface Series {
  readonly tool: string;
  readonly runs: readonly Run[];
  /** Bytes; of one more run. */
  readonly memory?: number;
  /** A run was ended after so many seconds. */
  readonly overdue?: number;
  /** A run failed with this error, and was the last. */
  readonly failed?: string;
}

/** Where and when something was measured. */
export interface Circumstances {
  /** As `2026-11-21`. */
  readonly day: string;
  readonly cores: number;
  /** The machine's load average over a minute, before and after. */
  readonly load: readonly [number, number];
  /** Such as `Node 20.20.2, OpenSSH 9.2p1`. */
  readonly versions: string;
}

/** A workload, measured. */
export interface Result {
  readonly title: string;
  readonly goal: Goal;
  readonly circumstances: Circumstances;
  readonly series: readonly Series[];
}

/** How the time grows with something. */
export interface Curve {
  readonly title: string;
  /** What grows. */
  readonly axis: string;
  readonly circumstances: Circumstances;
  readonly tools: readonly CurveOfTool[];
}

/** A line of a chart. */
export interface CurveOfTool {
  readonly tool: string;
  /** What has grown, and the median of the seconds. */
  readonly points: readonly (readonly [number, number])[];
}

/** All that is known: by the names of workloads and of curves. */
export interface Results {
  readonly rows: Readonly<Record<string, Result>>;
  readonly curves: Readonly<Record<string, Curve>>;
}

/** Where they are kept. */
export function resultsFile(root: string): string {
  return join(root, 'docs/performance/results.json');
}

/** What earlier times left. */
export async function readResults(root: string): Promise<Results> {
  const text = await readFile(resultsFile(root), 'utf8').catch(() => undefined);
  return text === undefined ? { rows: {}, curves: {} } : (JSON.parse(text) as Results);
}

/** Results as text; numbers with the digits that mean something. */
export function resultsText(results: Results): string {
  const round = (value: number): number => (Number.isInteger(value) ? value : Number(value.toPrecision(4)));
  return JSON.stringify(results, (_, value: unknown) => (typeof value === 'number' ? round(value) : value));
}
