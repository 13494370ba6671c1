import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

interface Place {
  readonly host: string;
  readonly port: number;
}

/**
 * Starts a TCP proxy whose answers come no faster than a line carries them that all its clients share. It keeps no process
 * running, and ends with it.
 * @param at where it listens; port 0 takes any free one
 * @param rate bytes a second
 * @returns the port on which it listens
 * @throws Error where it cannot listen there
 */
export async function openSlowLine(at: Place, target: Place, rate: number): Promise<number> {
  let free = performance.now(); // when the line has carried all that was given to it
  const carry = async (bytes: number): Promise<void> => {
    free = Math.max(performance.now(), free) + (bytes / rate) * 1000;
    const wait = free - performance.now();
    if (wait > 1) await sleep(wait);
  };
  const server = createServer((client) => {
    const source = connect(target);
    for (const socket of [client, source]) {
      socket.on('error', () => {
        client.destroy();
        source.destroy();
      });
    }
    client.pipe(source);
    relay(source, client, carry).catch(() => client.destroy()); // one of the two went away
  });
  server.unref().listen(at.port, at.host);
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : at.port;
}

async function relay(source: Socket, client: Socket, carry: (bytes: number) => Promise<void>): Promise<void> {
  for await (const chunk of source as AsyncIterable<Buffer>) {
    await carry(chunk.length);
    if (!client.write(chunk)) await Promise.race([once(client, 'drain'), once(client, 'close')]);
  }
  client.end();
}
