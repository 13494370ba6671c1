import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
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
  const downloads = new Map<string, Promise<boolean>>();
  const server = createServer((request, response) => {
    answer(store, downloads, options.upstream, request, response).catch((error: unknown) => {
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

async function answer(
  store: Store,
  downloads: Map<string, Promise<boolean>>,
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
  if (!IMMUTABLE.test(url.pathname)) {
    await passThrough(store, path, upstream, url, request, response);
    return;
  }
  await downloads.get(path); // another host may be fetching it just now
  if (await sendStored(store, path, response)) return;
  const download = fetchAndKeep(store, path, upstream, url, request, response);
  const settled = download.catch(() => false);
  downloads.set(path, settled);
  try {
    await download;
  } finally {
    if (downloads.get(path) === settled) downloads.delete(path);
  }
}

async function sendStored(store: Store, path: string, response: ServerResponse): Promise<boolean> {
  const stored = await store.read(path);
  if (stored === undefined) return false;
  response.writeHead(200, { 'content-length': stored.length });
  stored.stream.on('error', () => response.destroy()).pipe(response);
  return true;
}

/** Sends a file to the host while keeping it. A partial request is answered whole, which apt takes. */
async function fetchAndKeep(
  store: Store,
  path: string,
  upstream: Upstream,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const source = await fetchUpstream(upstream, 'GET', url, without([...HOP_BY_HOP, ...CONDITIONS], request.headers));
  response.writeHead(source.statusCode ?? 502, without(HOP_BY_HOP, source.headers));
  source.pipe(response);
  if (source.statusCode !== 200) return false;
  await store.write(path, lengthOf(source), source);
  return true;
}

async function passThrough(
  store: Store,
  path: string,
  upstream: Upstream,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let source: IncomingMessage;
  try {
    source = await fetchUpstream(upstream, 'GET', url, without(HOP_BY_HOP, request.headers));
  } catch (error) {
    if (await sendStored(store, path, response)) return;
    throw error;
  }
  response.writeHead(source.statusCode ?? 502, without(HOP_BY_HOP, source.headers));
  source.pipe(response);
  if (source.statusCode === 200) await store.write(path, lengthOf(source), source);
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
