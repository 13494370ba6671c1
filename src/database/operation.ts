import type { Text } from '../util/secret.js';

/** What acts printed, by `host id`. */
export type Said = (host: string, id: string) => string;

/** One thing to do on one host: a script in one exchange. */
export interface Act {
  readonly host: string;
  /** Names it among the host's acts: `close`. */
  readonly id: string;
  /** What it does, for a person: `close for writes`. */
  readonly summary: string;
  /** POSIX sh, run as root. It may be made of what earlier acts printed. Throws TaskError where that forbids it. */
  script(said: Said): Text;
  /** What its standard input is: what a script on another host prints. */
  readonly input?: { readonly host: string; readonly script: Text };
  /** True where it changes nothing that lasts. Default false. */
  readonly idle?: boolean;
  /** Longest time that it may take, in seconds. Default 30. */
  readonly timeoutSeconds?: number;
}

/** Acts that are done side by side, once the stage before is through: what a play is of a run. */
export interface Stage {
  /** What it comes to: `Close web-01`. */
  readonly title: string;
  readonly acts: readonly Act[];
  /**
   * What a failure means. `stop`: nothing was changed yet. `undo`: the operation's `undo` is done. `go on`: it is told, and
   * the rest is done all the same.
   */
  readonly onFailure: 'stop' | 'undo' | 'go on';
  /** The host that takes writes from when this stage is done: how long that took is told. */
  readonly opens?: string;
}

/** What is to be done with the servers (a change of who takes the writes, a backup), decided on a look at all, and not begun. */
export interface Operation {
  /** `Switch over from web-01 to web-02`. */
  readonly title: string;
  readonly stages: readonly Stage[];
  /** Goes back to where it was; the first failure ends it. */
  readonly undo: readonly Stage[];
  /** What `undo` comes to, for a person: `web-01 takes the writes as before`. */
  readonly undone: string;
  /** Who must follow the primary in the end. */
  readonly followers: readonly string[];
  /** The primary at the end. */
  readonly primary: string;
  /** What a person should know before. */
  readonly warnings: readonly string[];
}
