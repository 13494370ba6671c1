import { Agent } from 'node:https';
import { connect } from 'node:tls';
import { ask, type Site } from '../../rig/siteClient.js';

/** How many of `count` requests each server answered, by its x-served-by header. */
export async function servedBy(site: Site, count: number): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (let index = 0; index < count; index++) {
    const { headers, status } = await ask(site, '/');
    const by = status === 200 ? String(headers['x-served-by']) : `status ${status}`;
    counts[by] = (counts[by] ?? 0) + 1;
  }
  return counts;
}

/** Clients that each send one request after another over a kept connection, until told to stop. */
export function keepAliveLoad(
  site: Site,
  clients: number,
): { requests(): number; stop(): Promise<{ requests: number; failures: readonly string[] }> } {
  let running = true;
  let requests = 0;
  const failures: string[] = [];
  const work = Array.from({ length: clients }, async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (running) {
      requests++;
      try {
        const { status } = await ask(site, '/', { agent });
        if (status !== 200) failures.push(`status ${status}`);
      } catch (error) {
        failures.push(String(error));
      }
    }
    agent.destroy();
  });
  return {
    requests: () => requests,
    stop: async () => {
      running = false;
      await Promise.all(work);
      return { requests, failures };
    },
  };
}

/** What a TLS handshake with a site comes to. */
export interface Handshake {
  readonly protocol: string | null;
  /** What was agreed on above TLS: `h2`. */
  readonly alpn: string | false | null;
  /** The serial number of the certificate, in hex. */
  readonly serial: string;
  readonly names: string;
}

/** A TLS connection to a site, its certificate checked. Rejects when none comes about. */
export function shakeHands(
  site: Site,
  options: { readonly maxVersion?: 'TLSv1.1' | 'TLSv1.2'; readonly alpn?: readonly string[] } = {},
): Promise<Handshake> {
  const { maxVersion, alpn = ['h2', 'http/1.1'] } = options;
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: site.address,
      port: 443,
      servername: site.name,
      ca: site.authority,
      ALPNProtocols: [...alpn],
      // Old versions are switched off here as well, by the level of security.
      ...(maxVersion === undefined ? {} : { maxVersion, minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }),
    });
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      const { serialNumber: serial, subjectaltname: names = '' } = socket.getPeerCertificate();
      resolve({ protocol: socket.getProtocol(), alpn: socket.alpnProtocol, serial, names });
      socket.end();
    });
  });
}
