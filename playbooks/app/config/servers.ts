import { isIPv6 } from 'node:net';
import { parsePort } from './env.js';

/** Where one database server listens. */
export interface DbServer {
  /** The entry as the user wrote it: what answers, logs and errors call this server. */
  readonly label: string;
  readonly host: string;
  readonly port: number;
}

/** The servers of a list, or what is wrong with it. */
export type ServerList = { readonly servers: readonly DbServer[] } | { readonly problem: string };

/**
 * Parses `10.0.0.1,db-02:3307,[2001:db8::1]:3306`. An entry without a port gets `defaultPort`; an IPv6 address without
 * brackets is an address without a port.
 */
export function parseServers(list: string, defaultPort: number): ServerList {
  const servers: DbServer[] = [];
  for (const label of list.split(',').map((entry) => entry.trim())) {
    const server = parseServer(label, defaultPort);
    if (server === undefined) return { problem: `has the entry "${label}", expected HOST, HOST:PORT or [IPV6]:PORT` };
    if (servers.some((other) => other.host === server.host && other.port === server.port)) {
      return { problem: `names the server "${label}" twice` };
    }
    servers.push(server);
  }
  return { servers };
}

function parseServer(label: string, defaultPort: number): DbServer | undefined {
  if (isIPv6(label)) return { label, host: label, port: defaultPort };
  const bracketed = /^\[(.+)\](?::(.+))?$/.exec(label);
  if (bracketed !== null && !isIPv6(bracketed[1] ?? '')) return undefined;
  const match = bracketed ?? /^([A-Za-z0-9._-]+)(?::(.+))?$/.exec(label);
  if (match === null) return undefined;
  const port = match[2] === undefined ? defaultPort : parsePort(match[2]);
  return port === undefined || port === 0 ? undefined : { label, host: match[1] ?? '', port };
}
