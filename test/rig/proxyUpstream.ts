import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect as tlsConnect } from 'node:tls';
import type { Duplex } from 'node:stream';

/** Which way requests leave this machine. */
export interface Upstream {
  /** A proxy for everything, such as `http://10.0.0.1:3128`. None unless given. */
  readonly proxy?: string | undefined;
  /** Hosts (`name` or `name:port`) whose mirrors are asked by https though the hosts' apt says http. */
  readonly httpsHosts: readonly string[];
}

/** Fetches a URL the machine's own way; resolves when the response's head is there. */
export async function fetchUpstream(
  upstream: Upstream,
  method: string,
  url: URL,
  headers: OutgoingHttpHeaders,
): Promise<IncomingMessage> {
  const secure = upstream.httpsHosts.includes(url.host);
  const target = new URL(url);
  if (secure) target.protocol = 'https:';
  const proxy = upstream.proxy === undefined ? undefined : new URL(upstream.proxy);
  const options = { method, headers: { ...headers, host: target.host }, timeout: 60_000 };
  const request = await (async () => {
    if (proxy === undefined) return secure ? httpsRequest(target, options) : httpRequest(target, options);
    if (!secure)
      return httpRequest(proxy, { ...options, path: target.href, headers: { ...options.headers, ...authorization(proxy) } });
    const tunnel = await openTunnel(proxy, target.hostname, target.port === '' ? '443' : target.port);
    const socket = tlsConnect({ socket: tunnel, servername: target.hostname });
    return httpsRequest(target, { ...options, createConnection: () => socket });
  })();
  request.on('timeout', () => request.destroy(new Error(`no answer from ${target.host} in 60 s`)));
  request.on('error', () => undefined); // one after the head shows as the response's own
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

/** A connection to a host's port through an http proxy. */
export async function openTunnel(proxy: URL, host: string, port: string): Promise<Duplex> {
  const request = httpRequest(proxy, {
    method: 'CONNECT',
    path: `${host}:${port}`,
    headers: authorization(proxy),
    timeout: 30_000,
  });
  request.on('timeout', () => request.destroy(new Error(`the proxy ${proxy.host} did not answer in 30 s`)));
  request.end();
  const [response, socket] = (await once(request, 'connect')) as [IncomingMessage, Duplex];
  if (response.statusCode !== 200)
    throw new Error(`the proxy ${proxy.host} answered ${String(response.statusCode)} to CONNECT ${host}:${port}`);
  return socket;
}

function authorization(proxy: URL): OutgoingHttpHeaders {
  if (proxy.username === '') return {};
  const pair = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}
