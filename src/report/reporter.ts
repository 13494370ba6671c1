import type { Reporter } from '../model/event.js';
import type { Colours } from './colours.js';

/** Where a reporter writes: `process.stdout`, or a collector in a test. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

export interface ReportOptions {
  readonly output: Output;
  readonly colours: Colours;
  /** Show diffs. */
  readonly diff: boolean;
  /** 0: what changes and what fails. 1: what is ok too, and whole outputs. 2: stack traces. */
  readonly verbose: number;
}

/** A reporter that can stand aside while a person is asked something on the same terminal. */
export interface RunReporter extends Reporter {
  /** Leaves the terminal to `work` until it has ended. Other events wait for their turn on the screen. */
  readonly hold: <T>(work: () => Promise<T>) => Promise<T>;
}

export const OUTPUTS = ['tree', 'plain', 'json'] as const;
export type OutputKind = (typeof OUTPUTS)[number];

/** Makes a reporter, loading only what it needs. */
export async function createReporter(kind: OutputKind, options: ReportOptions): Promise<RunReporter> {
  switch (kind) {
    case 'tree':
      return (await import('./tree/tree.js')).treeReporter(options);
    case 'plain':
      return (await import('./plain.js')).plainReporter(options);
    case 'json':
      return (await import('./json.js')).jsonReporter(options.output);
  }
}
