import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A loopback port in front of another, which a test can shut in several ways. */
export interface Gate {
  readonly port: number;
  /** Connections that came so far. */
  count(): number;
  /** Lets nothing more through, either way, without closing anything: what a pulled cable looks like. */
  freeze(): void;
  /** Cuts all connections with a reset. */
  reset(): void;
  stop(): Promise<void>;
}

/** What becomes of a new connection, the first being number 1. */
export type GateRule = (socket: Socket, number: number) => 'pass' | 'handled';

/** Opens a gate to a loopback port. */
export async function openGate(to: number, rule: GateRule = () => 'pass'): Promise<Gate> {
  const sockets = new Set<Socket>();
  const pairs: [Socket, Socket][] = [];
  let count = 0;
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    return socket;
  };
  const server = createServer((socket) => {
    keep(socket);
    if (rule(socket, ++count) === 'handled') return;
    const behind = keep(connect(to, '127.0.0.1'));
    socket.pipe(behind).pipe(socket);
    pairs.push([socket, behind]);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    count: () => count,
    freeze() {
      for (const [socket, behind] of pairs) {
        socket.unpipe(behind).pause();
        behind.unpipe(socket).pause();
      }
    },
    reset() {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
