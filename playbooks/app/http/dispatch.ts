import type { IncomingMessage } from 'node:http';
import { HttpError } from './failure.js';
import type { Reply } from './reply.js';

/** Answers a request. What it throws becomes the answer of `failureReply`. */
export type Handler = (request: IncomingMessage) => Reply | Promise<Reply>;

/** The handlers of a path, by method. HEAD is served by GET. */
export type Methods = Readonly<Partial<Record<'GET' | 'POST', Handler>>>;

/** The paths that are served. */
export type Routes = ReadonlyMap<string, Methods>;

/** The handler of a request. @throws {HttpError} 404 for an unknown path, 405 with `Allow` for an unknown method. */
export function findHandler(routes: Routes, request: IncomingMessage): Handler {
  const path = pathOf(request);
  const methods = routes.get(path);
  if (methods === undefined) throw new HttpError(404, `there is nothing at ${path}`);
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const handler = method === 'GET' || method === 'POST' ? methods[method] : undefined;
  if (handler !== undefined) return handler;
  const allow = [...(methods.GET === undefined ? [] : ['GET', 'HEAD']), ...(methods.POST === undefined ? [] : ['POST'])].join(
    ', ',
  );
  throw new HttpError(405, `${path} takes ${allow}, not ${request.method ?? ''}`, { allow });
}

/** A request's path without its query. */
export function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?', 1)[0] ?? '';
}
