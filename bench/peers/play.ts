/** A task of Ansible's: its module with the arguments, and what else stands in a task. */
export type PeerTask = Readonly<Record<string, unknown>>;

/** Work for Ansible. */
export interface Play {
  readonly tasks: readonly PeerTask[];
  readonly vars?: Readonly<Record<string, unknown>>;
  /** More arguments of the command line. */
  readonly args?: readonly string[];
  /** Whether it needs facts of the hosts, which Ansible gathers unless told not to. Default true. */
  readonly facts?: boolean;
  /** Whether a run changes something. */
  readonly changes: boolean;
}
