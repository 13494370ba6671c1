import { isUnavailable } from '../db/errors.js';
import { warn } from '../log.js';
import { json, type Reply } from './reply.js';

/** A request that cannot be served as it is: its message and details go to the client. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/**
 * The answer to a request that failed. What is wrong with the databases is told by its code, and an error of the
 * application's own as 500: the details are for the log, not for the visitor.
 */
export function failureReply(error: unknown, by: string): Reply {
  if (error instanceof HttpError) return json(error.status, { error: error.message, by }, error.headers);
  if (isUnavailable(error)) {
    warn(`answered 503: ${error.message}`);
    return json(503, { error: 'the databases cannot serve this now', code: error.code, by }, { 'retry-after': '1' });
  }
  warn(`answered 500: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return json(500, { error: 'the server made a mistake', by });
}
