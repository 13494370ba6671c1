import type { Diff } from './change.js';
import type { RunEvent, TaskStatus } from './event.js';

/** The form of plan files that this version writes and applies. It grows when an older version would misread a newer file. */
export const PLAN_FORMAT = 1;

/** A plan as it is kept in a file: what `provision plan` found, for `provision show` to print and `provision apply` to do. */
export interface SavedPlan {
  readonly format: typeof PLAN_FORMAT;
  /** The tool that wrote it, as in `provision 0.1.0`. */
  readonly tool: string;
  /** When, in ISO 8601. */
  readonly created: string;
  readonly inventory: {
    /** The file, relative to the folder where the plan was made where it lies below that. */
    readonly file: string;
    /** SHA-256 of its hosts with their groups, addresses and variables; secrets count by their names only. */
    readonly digest: string;
  };
  readonly playbook: { readonly file: string };
  readonly selection: PlanSelection;
  /** What the dry run told, event by event. Secrets are masked. */
  readonly events: readonly RunEvent[];
  readonly hosts: Readonly<Record<string, PlannedHost>>;
  /** SHA-256 of all that stands above, so that a change made by hand is noticed. */
  readonly digest: string;
}

/** Which hosts and tasks the plan is of, in the words of the command line. */
export interface PlanSelection {
  readonly hosts: readonly string[];
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  readonly startAtTask?: string | undefined;
}

/** What is planned for a host. */
export interface PlannedHost {
  /** Every value that its plan was computed from. */
  readonly reads: readonly PlanRead[];
  /** Its tasks in their order. */
  readonly tasks: readonly SavedTask[];
}

/** A value that was read, by its hash. */
export interface PlanRead {
  /** Where it was asked: a host's name. */
  readonly host: string;
  /** The account that asked. */
  readonly user: string;
  /** The question: a fact and its parameters. */
  readonly key: string;
  /** SHA-256 of the answer, without what time alone changes. */
  readonly hash: string;
}

/** A task as it was planned. */
export interface SavedTask {
  readonly play: string;
  readonly id: string;
  readonly name: string;
  /** `changed`: would change. `unknown`: an earlier change decides, so the apply plans it itself. */
  readonly status: TaskStatus;
  /** `known`: planned on what the host said. `predicted`: on what earlier changes of the plan will make of it. */
  readonly basis: 'known' | 'predicted' | 'open';
  readonly changes: readonly SavedChange[];
}

/** A change as it is kept: what is shown of it, and its steps with the secrets masked. */
export interface SavedChange {
  readonly summary: string;
  readonly diff?: Diff | undefined;
  readonly parts?: readonly { readonly summary: string; readonly diff?: Diff | undefined }[] | undefined;
  readonly steps: readonly Readonly<Record<string, unknown>>[];
}
