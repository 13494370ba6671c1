import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP proxy that makes the way longer. */
export interface DelayingProxy {
  /** On 127.0.0.1. */
  readonly port: number;
  readonly close: () => Promise<void>;
}

/**
 * Starts a proxy through which every byte arrives later: half of a round trip in each direction, and a whole one to
 * connect. The bandwidth is not bounded, nothing is lost or reordered.
 * @param roundTrip in milliseconds
 */
export async function delayingProxy(
  target: { readonly host: string; readonly port: number },
  roundTrip: number,
): Promise<DelayingProxy> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const host = connect({ ...target, allowHalfOpen: true, noDelay: true });
    // The handshake is a round trip too: what the host says first is late by its own half, so the other half comes on top.
    const connected = performance.now() + roundTrip;
    for (const socket of [client, host]) {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
      socket.on('error', () => {
        client.destroy();
        host.destroy();
      });
    }
    forward(client, host, roundTrip / 2, connected);
    forward(host, client, roundTrip / 2, connected);
  });
  const port = await listen(server);
  return {
    port,
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) =>
        server.close(() => {
          resolve();
        }),
      );
    },
  };
}

/** Passes on what one says to the other, later. @param notBefore nothing is under way before this time */
function forward(from: Socket, to: Socket, delay: number, notBefore: number): void {
  // Timers of different lengths may fire in another order: each fires for whoever is next.
  const waiting: (() => void)[] = [];
  const later = (action: () => void): void => {
    waiting.push(action);
    const due = Math.max(performance.now(), notBefore) + delay;
    setTimeout(() => waiting.shift()?.(), Math.ceil(due - performance.now()));
  };
  from.on('data', (chunk) => {
    later(() => {
      if (!to.destroyed) to.write(chunk);
    });
  });
  from.on('end', () => {
    later(() => to.end());
  });
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}
