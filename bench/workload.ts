import type { Play } from './peers/play.js';

/** A host as a workload sees it. */
export interface BenchHost {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** The ssh command line that reaches it, before the remote command. */
  readonly ssh: readonly [string, ...string[]];
}

/** Where a workload runs. */
export interface Bench {
  /** The project's folder. */
  readonly root: string;
  /** For files that the bench makes; goes away with it. */
  readonly folder: string;
  readonly hosts: readonly BenchHost[];
  /** An inventory of these hosts. */
  readonly inventory: string;
  /** The same as Ansible reads it. */
  readonly ansibleInventory: string;
  /** The inventory of the containers with the variables of the site. */
  readonly siteInventory: string;
  /** Makes the containers bare again: the base image, without what was installed since. Untimed. */
  bare(): Promise<void>;
  /** Runs a shell script as root on each container that plays hosts, untimed. @throws Error where it fails. */
  everywhere(script: string): Promise<void>;
}

/** What is timed. */
export interface Command {
  readonly argv: readonly [string, ...string[]];
  /** The exit code that it must have: another one means that it did not do the work. */
  readonly code: number;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** What is wrong with its standard output; undefined where it did the work. For tools whose exit code does not tell. */
  readonly complaint?: (stdout: string) => string | undefined;
}

/** How many times as long as the floor a run may take. */
export interface Goal {
  readonly asked: number;
  readonly aim: number;
}

/** A piece of work that several tools do. */
export interface Workload {
  /** As the page names it: `W1`, `W3-500`. The command line also takes what stands before the dash, for all of them. */
  readonly name: string;
  readonly title: string;
  /** How many hosts it wants. */
  readonly hosts: number;
  readonly goal: Goal;
  /** Runs of each tool, where it is so slow that the usual number would take too long. */
  readonly mostRuns?: number;
  /** Brings the hosts to the state that the first run starts from; once, untimed. */
  prepare(bench: Bench): Promise<void>;
  /** Brings them back to it before each run, untimed. */
  reset(bench: Bench): Promise<void>;
  /** Takes away, after the last run, what would be in the way of other workloads. */
  leave?(bench: Bench): Promise<void>;
  /** One connection of the ssh client a host. `options` go to every ssh. */
  floor(bench: Bench, options: readonly string[]): Command;
  /** The built command line of this project. */
  ours(bench: Bench): Command;
  /** The same work for Ansible; undefined where a way of running it would take too long to be waited for. */
  peers(bench: Bench, way: PeerWay): Play | undefined;
}

/** As it is installed; with the usual advice (pipelining, kept connections, many forks, no facts); that and Mitogen. */
export type PeerWay = 'default' | 'tuned' | 'mitogen';
