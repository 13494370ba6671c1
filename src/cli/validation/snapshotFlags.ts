/**
 * How Node makes and starts a snapshot: with the same options both times, or it refuses. A program of the compiler is built in one go, and
 * little of it is garbage: so the memory for what is new is large, in MB.
 */
export const SNAPSHOT_FLAGS: readonly string[] = ['--min-semi-space-size=64', '--max-semi-space-size=64'];
