import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openStore, prune, type Store } from './proxyStore.js';
import { fetchUpstream, openTunnel, type Upstream } from './proxyUpstream.js';

/** Files whose content never changes under their URL: packages, and indexes named by their hash. */
const IMMUTABLE = /\.deb$|\/by-hash\//;

/** Headers of one connection, not of the request that travels through it. */
const HOP_BY_HOP = ['connection', 'proxy-connection', 'proxy-authorization', 'keep-alive', 'te', 'transfer-encoding', 'upgrade'];

/** Headers that would make an answer less than the whole file. */
const CONDITIONS = ['range', 'if-range', 'if-modified-since', 'if-none-match'];

/** What the proxy is started with. */
export interface ProxyOptions {
  readonly folder: string;
  readonly address: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly upstream: Upstream;
}

/**
 * Starts an http proxy for apt that keeps packages and indexes in a folder, so that a host reset to bare does not
 * download them again. Everything else passes through; its last answer serves when the mirror cannot be reached.
 */
export async function startProxy(options: ProxyOptions): Promise<Server> {
  await mkdir(options.folder, { recursive: true });
  await prune(options.folder);
  const store = openStore(options.folder);
  const queues = new Map<string, Promise<void>>();
  const server = createServer((request, response) => {
    response.on('error', () => undefined); // the host has gone
    answer(store, queues, options.upstream, request, response).catch((error: unknown) => {
      const text = error instanceof Error ? error.message : String(error);
      console.error(`${request.method ?? ''} ${request.url ?? ''}: ${text}`);
      if (response.headersSent) response.destroy();
      else response.writeHead(502, { 'content-type': 'text/plain' }).end(`rig proxy: ${text}\n`);
    });
  });
  server.on('connect', (request: IncomingMessage, client: Duplex) => {
    tunnel(options.upstream, request.url ?? '', client).catch(() => client.destroy());
  });
  server.listen(options.port, options.address);
  await once(server, 'listening');
  return server;
}

/** Answers one request; requests for the same file one after the other, so that it is fetched once and kept in order. */
async function answer(
  store: Store,
  queues: Map<string, Promise<void>>,
  upstream: Upstream,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = URL.canParse(request.url ?? '') ? new URL(request.url ?? '') : undefined;
  const path = url?.protocol === 'http:' ? store.path(url) : undefined;
  if (url === undefined || path === undefined || request.method !== 'GET') {
    response.writeHead(400, { 'content-type': 'text/plain' }).end('rig proxy: only GET of a file by http\n');
    return;
  }
  const serve = IMMUTABLE.test(url.pathname) ? serveKept : serveFresh;
  const before = queues.get(path) ?? Promise.resolve();
  const mine = before.then(async () => {
    await serve(store, path, upstream, url, request, response);
  });
  const settled = mine.catch(() => undefined);
  queues.set(path, settled);
  await mine.finally(() => {
    if (queues.get(path) === settled) queues.delete(path);
  });
}

type Serve = (
  store: Store,
  path: string,
  upstream: Upstream,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<void>;

/** From the store, or from the mirror into it. A request for a part is answered whole, which apt takes. */
const serveKept: Serve = async (store, path, upstream, url, request, response) => {
  if (await sendStored(store, path, response)) return;
  const source = await fetchUpstream(upstream, 'GET', url, without([...HOP_BY_HOP, ...CONDITIONS], request.headers));
  await relay(store, path, source, response);
};

/** From the mirror, or from the store where that cannot be reached. */
const serveFresh: Serve = async (store, path, upstream, url, request, response) => {
  let source: IncomingMessage;
  try {
    source = await fetchUpstream(upstream, 'GET', url, without(HOP_BY_HOP, request.headers));
  } catch (error) {
    if (await sendStored(store, path, response)) return;
    throw error;
  }
  await relay(store, path, source, response);
};

async function sendStored(store: Store, path: string, response: ServerResponse): Promise<boolean> {
  const stored = await store.read(path);
  if (stored === undefined) return false;
  response.writeHead(200, { 'content-length': stored.length });
  stored.stream.on('error', () => response.destroy()).pipe(response);
  return true;
}

/** Sends what the mirror gives to the host, and keeps it where it is a whole file. */
async function relay(store: Store, path: string, source: IncomingMessage, response: ServerResponse): Promise<void> {
  response.writeHead(source.statusCode ?? 502, without(HOP_BY_HOP, source.headers));
  if (source.statusCode !== 200) {
    await pipeline(source, response);
    return;
  }
  source.pipe(response);
  await store.write(path, lengthOf(source), source);
}

async function tunnel(upstream: Upstream, target: string, client: Duplex): Promise<void> {
  const [host = '', port = '443'] = target.split(':');
  const server =
    upstream.proxy === undefined ? connect(Number(port), host) : await openTunnel(new URL(upstream.proxy), host, port);
  if (upstream.proxy === undefined) await once(server, 'connect');
  client.write('HTTP/1.1 200 Connected\r\n\r\n');
  client.on('error', () => server.destroy()).on('close', () => server.destroy());
  server.on('error', () => client.destroy()).on('close', () => client.destroy());
  server.pipe(client).pipe(server);
}

function without(names: readonly string[], headers: IncomingMessage['headers']): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}

function lengthOf(message: IncomingMessage): number | undefined {
  const text = message.headers['content-length'];
  return text === undefined ? undefined : Number(text);
}
