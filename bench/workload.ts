/** A host as a workload sees it. */
export interface BenchHost {
  readonly name: string;
  /** The ssh command line that reaches it, before the remote command. */
  readonly ssh: readonly [string, ...string[]];
  /** Runs a shell script on it as root, untimed. @throws Error where it fails. */
  root(script: string): Promise<void>;
}

/** Where a workload runs. */
export interface Bench {
  /** The project's folder. */
  readonly root: string;
  readonly hosts: readonly BenchHost[];
  /** An inventory of these hosts. */
  readonly inventory: string;
}

/** What is timed. */
export interface Command {
  readonly argv: readonly [string, ...string[]];
  /** The exit code that it must have: another one means that it did not do the work. */
  readonly code: number;
}

/** How many times as long as the floor a run may take. */
export interface Goal {
  readonly asked: number;
  readonly aim: number;
}

/** A piece of work that several tools do. */
export interface Workload {
  /** As the command line names it: `W1`. */
  readonly name: string;
  readonly title: string;
  readonly goal: Goal;
  /** Brings the hosts to the state that the first run starts from; once, untimed. */
  prepare(bench: Bench): Promise<void>;
  /** Brings them back to it before each run, untimed. */
  reset(bench: Bench): Promise<void>;
  /** One connection of the ssh client a host, all hosts at once. `options` go to every ssh. */
  floor(bench: Bench, options: readonly string[]): Command;
  /** The built command line of this project. */
  ours(bench: Bench): Command;
}
