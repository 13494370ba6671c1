import { expect } from 'chai';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { delayingProxy, type DelayingProxy } from '../../../bench/growth/delay.js';

const ROUND_TRIP = 60;

describe('the delaying proxy', () => {
  let echo: Server;
  let proxy: DelayingProxy;

  before(async () => {
    echo = createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket));
    echo.listen(0, '127.0.0.1');
    await once(echo, 'listening');
    proxy = await delayingProxy({ host: '127.0.0.1', port: (echo.address() as AddressInfo).port }, ROUND_TRIP);
  });

  after(async () => {
    await proxy.close();
    echo.close();
  });

  it('makes an answer as late as a round trip, the first one two', async () => {
    const socket = connect({ port: proxy.port, host: '127.0.0.1', noDelay: true });
    const exchange = async (): Promise<number> => {
      const start = performance.now();
      socket.write('x');
      await once(socket, 'data');
      return performance.now() - start;
    };
    await once(socket, 'connect');
    expect(await exchange()).to.be.at.least(2 * ROUND_TRIP - 2); // timers may be a little early
    const later = [await exchange(), await exchange(), await exchange(), await exchange(), await exchange()];
    expect(Math.min(...later)).to.be.within(ROUND_TRIP - 2, 2 * ROUND_TRIP - 10); // the others may have met a busy machine
    socket.destroy();
  });

  it('passes on all bytes in their order, and the end', async () => {
    const sent = Array.from({ length: 20_000 }, (_, index) => `${index}\n`).join('');
    const socket = connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true });
    socket.end(sent);
    expect(await text(socket)).to.equal(sent);
  });

  it('closes what is open when it is closed', async () => {
    const other = await delayingProxy({ host: '127.0.0.1', port: (echo.address() as AddressInfo).port }, 0);
    const socket = connect({ port: other.port, host: '127.0.0.1' });
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    const closed = once(socket, 'close');
    socket.resume();
    await other.close();
    await closed;
  });
});
