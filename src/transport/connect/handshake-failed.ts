/** How far a connection got. */
export type Phase = 'banner' | 'key exchange' | 'login';

/** A connection that ended before it was logged in, and where. */
export class HandshakeFailed extends Error {
  constructor(
    readonly phase: Phase,
    /** Labels of what a login was tried with. */
    readonly tried: readonly string[],
    /** What the server said instead of SSH's own banner. */
    readonly greeting: string | undefined,
    override readonly cause: unknown,
    readonly timedOut: boolean,
  ) {
    super(cause instanceof Error ? cause.message : 'the connection was closed');
  }

  /**
   * Whether it looks like a server that has no room for one more connection just now: `full` where it says so (MaxStartups,
   * PerSourcePenalties), `silent` where it closes without a word.
   */
  get turnedAway(): 'full' | 'silent' | 'no' {
    if (this.phase !== 'banner' || this.timedOut) return 'no';
    if (this.greeting === undefined) return 'silent';
    return /MaxStartups|Not allowed at this time/i.test(this.greeting) ? 'full' : 'no';
  }
}
