import type { Topic } from './topic.js';

/** The form of journals that this version writes. One of another form counts as none. */
export const JOURNAL_FORMAT = 1;

/** What a playbook last made of a host, kept on the host itself. */
export interface Journal {
  readonly format: typeof JOURNAL_FORMAT;
  /** When it was last written, in ISO 8601. */
  readonly written: string;
  /** By the task's id. */
  readonly tasks: Readonly<Record<string, JournalTask>>;
}

/** A task as it was when it was last in order. */
export interface JournalTask {
  readonly kind: string;
  /** SHA-256 of its options. Empty for one that only its creations are known of, as its run did not end. */
  readonly code: string;
  /** What its reads gave then: SHA-256 by the read's key. */
  readonly reads: Readonly<Record<string, string>>;
  /** What it made on this host, ever, that was not there before. */
  readonly creates: readonly Topic[];
}
