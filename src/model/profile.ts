import type { HostPhase } from '../util/timing.js';

/** A stretch of a host's time. */
export interface Stretch {
  readonly phase: HostPhase | 'waiting';
  /** Seconds since the process began. */
  readonly at: number;
  readonly seconds: number;
}

/** Where a host's time went, and what went over its connection. */
export interface HostProfile {
  readonly host: string;
  /** From the first thing done about it until the last. */
  readonly seconds: number;
  /** Seconds by phase; phases that took none are left out. They add up to `seconds`. */
  readonly phases: Readonly<Partial<Record<HostPhase | 'waiting', number>>>;
  /** Requests that waited for an answer, after the login. */
  readonly exchanges: number;
  readonly channels: number;
  /** Over TCP, the login included. Left out where the connection goes through another program or host. */
  readonly bytesSent?: number | undefined;
  readonly bytesReceived?: number | undefined;
}

/** A phase over all hosts that had it, in seconds. */
export interface PhaseProfile {
  readonly phase: HostPhase | 'waiting';
  readonly hosts: number;
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** Where the time of a run went. Times are in seconds. */
export interface Profile {
  /** Since the process began. */
  readonly seconds: number;
  /** The program's own way, one part after the other: they add up to `seconds`. */
  readonly program: readonly { readonly part: ProgramPart; readonly seconds: number }[];
  /** Of the time with the hosts: how long the program itself was at work, and how long it waited for hosts. */
  readonly busy: number;
  readonly idle: number;
  /** Of `busy`: drawing or writing what happens. */
  readonly report: number;
  /** Processor time of the process, without processes that it started. */
  readonly cpu: number;
  /** The most memory that the process had at a time. */
  readonly memoryBytes: number;
  readonly phases: readonly PhaseProfile[];
  readonly hosts: readonly HostProfile[];
  /** The host that took longest, and its way through the run. */
  readonly slowest?: { readonly host: string; readonly path: readonly Stretch[] } | undefined;
}

export type ProgramPart =
  /** Node.js itself. */
  | 'start'
  /** The program's modules, and the command line. */
  | 'loading'
  | 'inventory'
  | 'playbook'
  /** Making all tasks of all hosts before anything is contacted. */
  | 'preflight'
  | 'hosts';
