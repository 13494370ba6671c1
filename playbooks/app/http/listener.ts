import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AppConfig } from '../config/config.js';
import { info } from '../log.js';
import type { Lifecycle } from '../lifecycle.js';
import { findHandler, pathOf, type Routes } from './dispatch.js';
import { failureReply } from './failure.js';
import type { Reply } from './reply.js';

/** Longer than a proxy in front keeps an unused connection (Nginx: 60 s), so that it is the proxy who closes it. */
const KEEP_ALIVE_MS = 65_000;
/** A request must have arrived as a whole after this time. */
const REQUEST_MS = 30_000;

/** A server for the routes, not yet listening. */
export function createListener(config: AppConfig, routes: Routes, lifecycle: Lifecycle): Server {
  const server = createServer((request, response) => {
    const started = performance.now();
    if (config.accessLog) {
      response.on('close', () => {
        logAccess(request, response, performance.now() - started);
      });
    }
    void answer(routes, request, config.host).then((reply) => {
      send(response, reply, config, lifecycle);
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.requestTimeout = REQUEST_MS;
  return server;
}

async function answer(routes: Routes, request: IncomingMessage, by: string): Promise<Reply> {
  try {
    return await findHandler(routes, request)(request);
  } catch (error) {
    return failureReply(error, by);
  }
}

function send(response: ServerResponse, reply: Reply, config: AppConfig, lifecycle: Lifecycle): void {
  response.writeHead(reply.status, {
    'x-served-by': config.host,
    'x-release': config.release,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-length': Buffer.byteLength(reply.body),
    // Those who keep connections open must not send the next request on one that is about to be closed.
    ...(lifecycle.draining() ? { connection: 'close' } : {}),
    ...reply.headers,
  });
  response.end(reply.body);
}

function logAccess(request: IncomingMessage, response: ServerResponse, milliseconds: number): void {
  info(
    JSON.stringify({
      method: request.method,
      path: pathOf(request),
      status: response.writableFinished ? response.statusCode : 499,
      ms: Math.round(milliseconds * 10) / 10,
      client: request.headers['x-real-ip'] ?? request.socket.remoteAddress,
    }),
  );
}
