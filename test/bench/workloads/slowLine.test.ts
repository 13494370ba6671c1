import { expect } from 'chai';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { openSlowLine } from '../../../bench/workloads/slowLine.js';

const HOST = '127.0.0.1';
const RATE = 1_000_000;

describe('the slow line', () => {
  let server: Server;
  let port: number;
  const content = Array.from({ length: 20_000 }, (_, index) => `${index}\n`).join('');

  before(async () => {
    server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.once('data', () => socket.end(content));
    });
    server.listen(0, HOST);
    await once(server, 'listening');
    port = await openSlowLine({ host: HOST, port: 0 }, { host: HOST, port: (server.address() as AddressInfo).port }, RATE);
  });

  after(() => {
    server.close();
  });

  it('passes on all bytes in their order, and the end; two clients at once wait for the bytes of both', async () => {
    const start = performance.now();
    const answers = [connect({ port, host: HOST }), connect({ port, host: HOST })].map(async (socket) => {
      socket.write('x');
      return await text(socket);
    });
    expect(await Promise.all(answers)).to.deep.equal([content, content]);
    expect(performance.now() - start).to.be.at.least(((2 * content.length) / RATE) * 1000 - 5); // timers may be a little early
  });
});
