import type { Text } from '../util/secret.js';
import type { CommandResult } from './fact.js';

/** A script of a job and the longest time it may take. */
export interface JobItem {
  readonly script: Text;
  readonly timeoutSeconds: number;
}

/** How a job's items ended: as many results as were begun; the last one may have failed, and no later one ran. */
export interface JobResult {
  readonly results: readonly CommandResult[];
}

/** One connection to a host with one shell of one account on it. Requests are queued and answered in order. */
export interface Session {
  /** Runs scripts that only look, each in a subshell of its own, in one exchange. All of them run. */
  read(scripts: readonly string[]): Promise<readonly CommandResult[]>;
  /**
   * Runs scripts in order, detached from the connection, until one fails; when the connection drops, it reconnects and
   * picks the job up, and never runs it twice.
   */
  run(items: readonly JobItem[], onBegin?: (index: number) => void): Promise<JobResult>;
  /** Runs a script whose standard input is sent on a channel of its own. Of pieces, each is asked for when those before are out. */
  feed(script: Text, input: NodeJS.ReadableStream | AsyncIterable<Buffer>, timeoutSeconds: number): Promise<CommandResult>;
  /** Runs a script and gives its standard output as a stream on a channel of its own. */
  drain(
    script: Text,
    timeoutSeconds: number,
  ): Promise<{ readonly output: NodeJS.ReadableStream; readonly result: Promise<CommandResult> }>;
  /**
   * Logs in anew, over a connection that shares nothing with this one, as proof that it can be done; the caller closes it.
   * Rejects with UnreachableError after so many seconds. Undefined in a copy of a host, where nobody can log in.
   */
  readonly again?: ((seconds: number) => Promise<Session>) | undefined;
  /** Asks the running job to end, its whole process group. */
  cancel(): Promise<void>;
  /** Exchanges made so far: requests that waited for an answer. */
  readonly exchanges: number;
  close(): Promise<void>;
}
