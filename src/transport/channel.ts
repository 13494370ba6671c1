import type { Readable, Writable } from 'node:stream';

/** A command running on a host (or here), its three streams apart. */
export interface ByteChannel {
  /** Calls back when what was written is out of the given buffer. */
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Its exit code; undefined when the connection went away first. Never rejects. */
  readonly exit: Promise<number | undefined>;
  /** Ends it at once. */
  destroy(): void;
}

/** A way to run commands on a host as the account that logged in. */
export interface Transport {
  /** The host's name in the inventory. */
  readonly host: string;
  /** The account that logged in. */
  readonly loginUser: string;
  /** Starts a command through the account's login shell. Rejects when the connection is gone. */
  start(command: string): Promise<ByteChannel>;
  close(): Promise<void>;
}
