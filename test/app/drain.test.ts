import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { jsonOf, NO_DATABASE, startApp, stopApp, type App } from './support/app.js';
import { until } from './support/until.js';

describe('the end of the application', () => {
  let app: App | undefined;
  afterEach(() => stopApp(app));

  const start = async (environment: Record<string, string>): Promise<App> =>
    (app = await startApp({ ...NO_DATABASE, ...environment }));

  /** Sends the head of a request, and waits until its handler has begun: that is what asks for the body. */
  async function openUpload(port: number, length: number): Promise<Socket> {
    const socket = connect(port, '127.0.0.1').setEncoding('utf8');
    socket.on('error', () => undefined);
    const head = [
      'POST /notes HTTP/1.1',
      'Host: app',
      'Content-Type: application/json',
      `Content-Length: ${length}`,
      'Expect: 100-continue',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    const [answer] = (await once(socket, 'data')) as [string];
    expect(answer).to.match(/^HTTP\/1.1 100 /);
    return socket;
  }

  const refuses = async (url: string): Promise<true | undefined> =>
    fetch(`${url}/healthz`).then(
      () => undefined,
      () => true,
    );

  it('serves on for the drain time, says so in /healthz, and lets no connection be kept', async () => {
    const { url, signal, ended } = await start({ DRAIN_SECONDS: '0.6' });
    signal('SIGTERM');
    const unhealthy = await until('/healthz at 503', async () => {
      const response = await fetch(`${url}/healthz`);
      return response.status === 503 ? response : undefined;
    });
    expect(await jsonOf(unhealthy)).to.include({ ok: false });
    const page = await fetch(url);
    expect(page.status).to.equal(200);
    expect(page.headers.get('connection')).to.equal('close');
    expect(await ended).to.equal(0);
    expect(await refuses(url)).to.equal(true);
  });

  it('answers a request that runs when it stops to take new ones', async () => {
    const body = '{"text":""}';
    const { url, port, signal, ended } = await start({ FINISH_SECONDS: '60' });
    const upload = await openUpload(port, body.length);
    signal('SIGTERM');
    await until('new connections are refused', () => refuses(url));
    const answer = text(upload);
    upload.write(body);
    expect(await answer).to.match(/^HTTP\/1.1 400 .*the note is empty/s);
    expect(await ended).to.equal(0);
  });

  it('does not wait longer than the finish time for a request', async () => {
    const { port, signal, ended, output } = await start({ FINISH_SECONDS: '0.3' });
    const upload = await openUpload(port, 100);
    signal('SIGTERM');
    expect(await ended).to.equal(0);
    expect(output()).to.contain('requests still ran after 0.3 s more');
    upload.destroy();
  });

  it('does not wait for connections that are kept but not used', async () => {
    const { url, signal, ended, output } = await start({ FINISH_SECONDS: '60' });
    const agent = new Agent({ keepAlive: true });
    const [response] = (await once(get(`${url}/healthz`, { agent }), 'response')) as [IncomingMessage];
    expect(response.headers.connection).to.equal('keep-alive');
    await text(response);
    const began = Date.now();
    signal('SIGINT');
    expect(await ended).to.equal(0);
    expect(Date.now() - began).to.be.lessThan(5_000);
    expect(output()).to.not.contain('requests still ran');
    agent.destroy();
  });
});
