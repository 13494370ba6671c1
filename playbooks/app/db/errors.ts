/**
 * Where a database call failed. `connect`: no connection, so nothing was sent. `statement`: the statement was on its way.
 */
export type Stage = 'connect' | 'statement';

/** A call to one database server failed. */
export class DatabaseError extends Error {
  /** The driver's or the server's code: ECONNREFUSED, ER_ACCESS_DENIED_ERROR, DEADLINE … */
  readonly code: string;

  constructor(
    readonly server: string,
    readonly stage: Stage,
    cause: unknown,
  ) {
    super(`${server}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.code = codeOf(cause);
  }
}

/** No server takes writes, or more than one does, so that none can be trusted with them. */
export class NoWriterError extends Error {
  readonly code: 'NO_WRITER' | 'SEVERAL_WRITERS';

  constructor(writable: readonly string[]) {
    super(writable.length === 0 ? 'no database is writable' : `more than one database is writable: ${writable.join(', ')}`);
    this.code = writable.length === 0 ? 'NO_WRITER' : 'SEVERAL_WRITERS';
  }
}

/** No server answers reads. */
export class NoReaderError extends Error {
  readonly code = 'NO_READER';

  constructor() {
    super('no database answers');
  }
}

/** Any of the errors above: the databases cannot serve the request now. */
export type Unavailable = DatabaseError | NoWriterError | NoReaderError;

/** Whether an error is one of the databases' and not the application's own. */
export function isUnavailable(error: unknown): error is Unavailable {
  return error instanceof DatabaseError || error instanceof NoWriterError || error instanceof NoReaderError;
}

/** What servers answer to a write that they refuse because they are read-only. */
const READ_ONLY = new Set(['ER_OPTION_PREVENTS_STATEMENT', 'ER_READ_ONLY_MODE', 'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION']);

/**
 * Whether a failed write certainly was not executed, so that sending it again cannot store it twice. A connection that
 * broke, or was given up, with the statement on its way proves nothing.
 */
export function wasNotExecuted(error: unknown): boolean {
  return error instanceof DatabaseError && (error.stage === 'connect' || READ_ONLY.has(error.code));
}

/** Whether the server itself answered with an error, so that the connection is in order and can be used again. */
export function isServersAnswer(error: unknown): boolean {
  const fatal = typeof error === 'object' && error !== null && 'fatal' in error && error.fatal === true;
  return !fatal && error instanceof Error && 'sqlState' in error && error.sqlState !== undefined;
}

/** The `code` of a thrown value; its name or `UNKNOWN` when it has none. */
export function codeOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'UNKNOWN';
}
