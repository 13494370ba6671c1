import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Rig } from '../../rig/rig.js';
import { root } from './root.js';

/** An alert as Alertmanager posts it. */
export interface Told {
  readonly status: 'firing' | 'resolved';
  readonly name: string;
}

/** A server on this machine that takes what Alertmanager posts. */
export interface Receiver {
  readonly port: number;
  readonly told: readonly Told[];
  stop(): Promise<void>;
}

/** Listens for Alertmanager's posts on all addresses, at a free port. */
export async function receiveAlerts(): Promise<Receiver> {
  const told: Told[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const { alerts } = JSON.parse(text) as { alerts: { status: Told['status']; labels: Record<string, string> }[] };
      told.push(...alerts.map(({ status, labels }) => ({ status, name: labels['alertname'] ?? '' })));
      response.end();
    });
  });
  server.listen(0);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    told,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** What Prometheus on a host answers to a query: each result's labels, and its value. */
export async function query(
  rig: Rig,
  host: string,
  expression: string,
): Promise<readonly { readonly metric: Readonly<Record<string, string>>; readonly value: number }[]> {
  const text = await root(rig, host, `promtool query instant -o json http://127.0.0.1:9090 "$(cat)"`, expression);
  const rows = JSON.parse(text) as { metric: Record<string, string>; value: [number, string] }[];
  return rows.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
}

/** The names of the alerts that fire, each once, in order. */
export async function firing(rig: Rig, host: string): Promise<readonly string[]> {
  const rows = await query(rig, host, 'ALERTS{alertstate="firing"}');
  return [...new Set(rows.map(({ metric }) => metric['alertname'] ?? ''))].sort();
}
