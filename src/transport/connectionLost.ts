import { UnreachableError } from '../model/errors.js';

/** The connection went away while an answer was awaited. */
export class ConnectionLost extends Error {}

/** The connection went away in the middle of a stream, and stands again: what streamed may try again. */
export class StreamLost extends UnreachableError {}
