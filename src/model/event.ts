import type { Diff, PackageChange } from './change.js';
import type { SourcePosition } from './errors.js';
import type { Profile } from './profile.js';

/** How a task ended on a host. */
export type TaskStatus =
  /** Nothing to do. */
  | 'ok'
  /** Changed, and read again to prove it. In a dry run: would change. */
  | 'changed'
  /** Dry run only: an earlier change decides; `changes` is what it would be as things stand. */
  | 'unknown'
  | 'skipped'
  | 'failed';

/** A change as reporters see it: secrets are masked. */
export interface ChangeReport {
  readonly summary: string;
  readonly diff?: Diff | undefined;
  /** The packages that it installs, upgrades or removes. */
  readonly packages?: readonly PackageChange[] | undefined;
  /** One of many that another change of the task sums up: told where diffs are. */
  readonly detail?: boolean | undefined;
}

/** What went wrong, for a person; secrets are masked. */
export interface FaultReport {
  readonly message: string;
  readonly where?: SourcePosition | undefined;
  /** The command that failed, where one did. */
  readonly command?: string | undefined;
  /** Its standard error (and output, where that is all it said). */
  readonly output?: string | undefined;
  readonly hint?: string | undefined;
  /** With `-vv`. */
  readonly stack?: string | undefined;
}

/** Tasks by how they ended; each counts once. (The recap's `ok` is Ansible's: those that changed are in it too.) */
export interface HostTotals {
  readonly ok: number;
  readonly changed: number;
  readonly unknown: number;
  readonly skipped: number;
  readonly failed: number;
  readonly unreachable: number;
}

/**
 * What a run tells while it goes. Reporters listen to nothing else; with `--output json` each event is a line.
 * `host` is always the inventory's name.
 */
export type RunEvent =
  | {
      readonly type: 'run-start';
      readonly dryRun: boolean;
      readonly playbook: string;
      readonly inventory: string;
      readonly hosts: readonly string[];
    }
  | { readonly type: 'play-start'; readonly play: string; readonly hosts: readonly string[] }
  /** A host's tasks of the play are known; sent once its facts are gathered. */
  | { readonly type: 'host-tasks'; readonly host: string; readonly play: string; readonly tasks: number }
  /** What a host is busy with: connecting, reading, a task's name. */
  | {
      readonly type: 'host-activity';
      readonly host: string;
      readonly activity: 'connect' | 'read' | 'task' | 'reconnect' | 'wait';
      readonly task?: string | undefined;
    }
  | {
      readonly type: 'task';
      readonly host: string;
      readonly play: string;
      readonly task: string;
      readonly id: string;
      readonly status: TaskStatus;
      readonly changes: readonly ChangeReport[];
      /**
       * With `unknown`: the earlier tasks whose changes decide, in their order: `package nginx`, or, for one that acts on
       * another host, `mysqlUser repl on db-01`.
       */
      readonly because?: readonly string[] | undefined;
      readonly fault?: FaultReport | undefined;
    }
  | { readonly type: 'host-unreachable'; readonly host: string; readonly fault: FaultReport }
  /** The host has ended the play: done, or stopped by a fault. */
  | { readonly type: 'host-end'; readonly host: string; readonly play: string }
  | { readonly type: 'note'; readonly host?: string | undefined; readonly text: string }
  | {
      readonly type: 'run-end';
      readonly seconds: number;
      readonly totals: Readonly<Record<string, HostTotals>>;
      readonly interrupted: boolean;
    }
  /** With `--profile`, the very last one: where the time went. */
  | ({ readonly type: 'profile' } & Profile);

/** Receives a run's events, in order. It never throws and never blocks. */
export interface Reporter {
  report(event: RunEvent): void;
  /** Called once, after `run-end` or a crash: restores the terminal. */
  close(): Promise<void>;
}
