import type { Text } from '../util/secret.js';
import { PlanError } from './errors.js';
import type { Prediction } from './fact.js';
import type { Topic } from './topic.js';

/** A shell script to run as root (or the task's `user`), detached from the connection. Non-zero is failure. */
export interface ShellStep {
  readonly kind: 'shell';
  /** POSIX sh. It stops at the first failing command (`set -e`). Secrets are safe in it: it is never in an argv. */
  readonly script: Text;
  /** Longest time it may take, in seconds. Default 600. */
  readonly timeoutSeconds?: number | undefined;
  /**
   * Its positional parameters. Steps with some that follow each other, and whose scripts are equal, are tried as one with
   * the words of all; where that fails, each is done by itself. Exit code 75 says that trying by itself would be no use.
   */
  readonly words?: readonly string[] | undefined;
  /**
   * A script that judges, some time later, whether what the step began lasts. Steps with one that follow each other are
   * all done before the first is judged, so that their waiting overlaps.
   */
  readonly afterwards?: string | undefined;
  /**
   * A script that is to follow, some time later. Of steps with an equal one that follow each other (files may be written in
   * between) it is done once, after the last, so what the steps do must not count on it.
   */
  readonly atEnd?: string | undefined;
}

/** Text to write, or a file on the controller to send. */
export type Content = { readonly text: Text } | { readonly localFile: string; readonly sha256: string; readonly size: number };

/** Writes one file: to a temporary name beside it, fsynced, with owner and mode, then renamed. */
export interface PutStep {
  readonly kind: 'put';
  readonly path: string;
  readonly content: Content;
  readonly owner?: string | undefined;
  readonly group?: string | undefined;
  /** Octal digits, as in `0644`. */
  readonly mode?: string | undefined;
  /** A command that judges the new content before it is put in place; `%s` is the temporary file. */
  readonly validate?: string | undefined;
}

/** Sends files of a local folder as one tar stream, unpacked into a folder on the host. */
export interface UnpackStep {
  readonly kind: 'unpack';
  /** The folder on the host, which exists by then. */
  readonly directory: string;
  readonly entries: readonly TreeEntry[];
  readonly owner: string;
  readonly group: string;
}

/** A file, folder or link of a tree, its path relative to the tree's root. */
export interface TreeEntry {
  readonly path: string;
  readonly type: 'file' | 'directory' | 'link';
  /** Octal digits, as in `0755`. */
  readonly mode: string;
  readonly localFile?: string | undefined;
  readonly size?: number | undefined;
  /** Of a file's content: BLAKE2b, in hex. With it, a large file's transfer can go on after a lost connection. */
  readonly hash?: string | undefined;
  readonly target?: string | undefined;
}

/** Streams the standard output of a script on another host into the standard input of a script here, through the controller. */
export interface RelayStep {
  readonly kind: 'relay';
  readonly from: { readonly host: string; readonly script: Text };
  readonly script: Text;
  readonly timeoutSeconds?: number | undefined;
}

/** Reboots the host and waits until it answers again with another boot id. */
export interface RebootStep {
  readonly kind: 'reboot';
  /** Longest wait for its return, in seconds. */
  readonly timeoutSeconds: number;
}

/**
 * Steps that make a set of configuration files, tried first over a throwaway copy of /etc: only when `validate` accepts
 * the whole set there are they run for real. A refused set leaves every live file as it was.
 */
export interface ValidatedStep {
  readonly kind: 'validated';
  readonly steps: readonly (ShellStep | PutStep)[];
  /** Every path under /etc that the steps write, link or remove: what is put back where no throwaway copy can be made. */
  readonly paths: readonly string[];
  /** POSIX sh; it sees the new files at their own paths. */
  readonly validate: string;
}

/**
 * Steps after which nobody may be able to log in any more (a firewall's rules, sshd's configuration, sudoers). A timer on
 * the host undoes them, unless a login over a new connection, made after them, confirms them in time.
 */
export interface GuardedStep {
  readonly kind: 'guarded';
  /** What is guarded, unique on its host: the task's id. */
  readonly name: string;
  /** How long the confirmation may take, in seconds. */
  readonly seconds: number;
  /** Every path that the steps write, link or remove: what is put back. */
  readonly paths: readonly string[];
  /** Empty: it only confirms what an interrupted run has left unconfirmed. */
  readonly steps: readonly (ShellStep | PutStep | ValidatedStep)[];
  /** POSIX sh that makes the files take effect: run after the steps, and again once the old files are back. */
  readonly effect?: string | undefined;
  /** POSIX sh, run before the steps in a folder of its own: keeps there what `undo` needs beside the files. */
  readonly keep?: string | undefined;
  /** POSIX sh, run in that folder when the old files are back. Not at boot, as `effect`: both are for what a reboot makes anew from the files. */
  readonly undo?: string | undefined;
}

export type Step = ShellStep | PutStep | UnpackStep | RelayStep | RebootStep | ValidatedStep | GuardedStep;

/** Two texts for a person to compare, secrets already masked. `undefined` is absence. */
export interface Diff {
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What becomes of a package, as versions. */
export interface PackageChange {
  readonly name: string;
  /** The version that is there now. Left out: it is not installed. */
  readonly from?: string | undefined;
  /** The version that it gets. Left out: it is removed. */
  readonly to?: string | undefined;
}

/** One of the things that a change does, in words and to compare. */
export interface ChangePart {
  readonly summary: string;
  readonly diff?: Diff | undefined;
  /** The packages that it installs, upgrades or removes: shown as a table of versions in place of the diff. */
  readonly packages?: readonly PackageChange[] | undefined;
}

/** One thing that must change on a host: what it is, how it is done, and what it does to what was read. */
export interface Change extends ChangePart {
  /** In words, without the task's name: `create`, `mode 0644 → 0640`, `install nginx 1.22.1`. */
  readonly summary: string;
  /** Where several things are done as one (a set of files, say): what each of them is, to be shown in place of the summary above. */
  readonly parts?: readonly [ChangePart, ...ChangePart[]] | undefined;
  readonly steps: readonly [Step, ...Step[]];
  /** What becomes stale. Default: everything. */
  readonly touches?: readonly Topic[] | undefined;
  /** Values that reads will have afterwards, so that later tasks can be planned on them. */
  readonly predicts?: readonly Prediction[] | undefined;
  /**
   * What it makes that was not there, as topics: `path:/etc/app`, `unit:app.service`, `user:app`. The host's journal
   * keeps it, so that it can be removed once no task names it any more. Default: nothing.
   */
  readonly creates?: readonly Topic[] | undefined;
  /** It acts on the running system (starts a service, talks to a database), not on files: a rehearsal leaves it out. */
  readonly live?: boolean | undefined;
  /** False for what happens each time by design (a command with no guard): it is not planned again to prove convergence. */
  readonly verify?: boolean | undefined;
}

/** A change as it is shown to a person: its parts where it has some, else itself. */
export function shownParts(change: Change): readonly ChangePart[] {
  return change.parts ?? [change];
}

/** A shell step out of a script. */
export function sh(script: Text, options: Pick<ShellStep, 'timeoutSeconds' | 'words' | 'afterwards' | 'atEnd'> = {}): ShellStep {
  return { kind: 'shell', script, ...options };
}

/** A PlanError for what an earlier task should have made; where it is only open whether one does, the changes are shown. */
export class Unprepared extends PlanError {
  constructor(
    message: string,
    hint: string,
    readonly changes: readonly Change[],
  ) {
    super(message, { hint });
  }
}

/**
 * Thrown by a planner where something that an earlier change of the run brings is known in part only, as a file's owner
 * without its text: the task is known after apply. An apply makes the earlier changes first, and reads.
 */
export class NotYetKnown extends Error {
  /**
   * @param because the id of the task that brings it
   * @param changes what can be said already
   */
  constructor(
    readonly because: string,
    readonly changes: readonly Change[] = [],
  ) {
    super(`this is known once ${because} is done`);
    this.name = 'NotYetKnown';
  }
}
