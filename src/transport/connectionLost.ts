/** The connection went away while an answer was awaited. */
export class ConnectionLost extends Error {}
