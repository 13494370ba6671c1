import http, { Agent } from 'node:http';
import { hostname } from 'node:os';
import { expect } from 'chai';
import { jsonOf, NO_DATABASE, startApp, stopApp, type App } from './support/app.js';
import { until } from './support/until.js';

describe('the application without a database', () => {
  let app: App;
  before(async () => {
    app = await startApp({ ...NO_DATABASE, RELEASE: 'r7', SITE: 'www.example.test' });
  });
  after(() => stopApp(app));

  const post = (body: string | Uint8Array<ArrayBuffer>, type?: string): Promise<Response> =>
    fetch(`${app.url}/notes`, { method: 'POST', body, headers: type === undefined ? {} : { 'content-type': type } });

  it('says which server answered, with which release and over which protocol', async () => {
    const response = await fetch(app.url, { headers: { 'x-forwarded-proto': 'https' } });
    expect(response.status).to.equal(200);
    expect(await jsonOf(response)).to.deep.equal({ site: 'www.example.test', by: hostname(), release: 'r7', proto: 'https' });
  });

  it('puts its name and release into every answer, and lets none be cached', async () => {
    for (const path of ['/', '/healthz', '/nothing']) {
      const { headers } = await fetch(app.url + path);
      expect(headers.get('x-served-by')).to.equal(hostname());
      expect(headers.get('x-release')).to.equal('r7');
      expect(headers.get('cache-control')).to.equal('no-store');
    }
  });

  it('shows a browser a page, which needs no database either', async () => {
    const response = await fetch(app.url, { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });
    expect(response.status).to.equal(200);
    expect(response.headers.get('content-type')).to.equal('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).to.match(/^default-src 'none'; style-src 'sha256-/);
    const page = await response.text();
    expect(page).to.contain(`<dd>${hostname()}</dd>`).and.to.contain('The notes cannot be read now (NO_READER)');
  });

  it('is healthy: a database that is down must not take the web servers out', async () => {
    const response = await fetch(`${app.url}/healthz`);
    expect(response.status).to.equal(200);
    expect(await jsonOf(response)).to.deep.equal({ ok: true, by: hostname(), release: 'r7' });
  });

  it('tells the state of the databases', async () => {
    const state = await until('the first probe', async () => {
      const found = await jsonOf(await fetch(`${app.url}/dbz`));
      return JSON.stringify(found).includes('unknown') ? undefined : found;
    });
    expect(state).to.deep.include({ writer: null, writable: [], readers: [] });
    expect(state.databases).to.deep.equal({ '127.0.0.1:1': { kind: 'unreachable', error: 'ECONNREFUSED' } });
  });

  it('answers 503 to what needs a database, and says when to come again', async () => {
    const read = await fetch(`${app.url}/notes`);
    const write = await post('a note', 'text/plain');
    expect([read.status, write.status]).to.deep.equal([503, 503]);
    expect(write.headers.get('retry-after')).to.equal('1');
    expect(await jsonOf(read)).to.include({ code: 'NO_READER', by: hostname() });
    expect(await jsonOf(write)).to.include({ code: 'NO_WRITER', by: hostname() });
  });

  it('answers HEAD like GET, without a body', async () => {
    const response = await fetch(app.url, { method: 'HEAD' });
    expect(response.status).to.equal(200);
    expect(await response.text()).to.equal('');
  });

  it('knows what it does not have: 404, and 405 with what it takes', async () => {
    const unknown = await fetch(`${app.url}/nothing?x=1`);
    expect(unknown.status).to.equal(404);
    expect(await jsonOf(unknown)).to.deep.equal({ error: 'there is nothing at /nothing', by: hostname() });
    const wrong = await fetch(`${app.url}/notes`, { method: 'DELETE' });
    expect(wrong.status).to.equal(405);
    expect(wrong.headers.get('allow')).to.equal('GET, HEAD, POST');
    expect((await post('x')).status, 'the same path still works').to.equal(503);
    expect((await fetch(`${app.url}/healthz`, { method: 'POST', body: 'x' })).headers.get('allow')).to.equal('GET, HEAD');
  });

  it('refuses a body that is too large', async () => {
    const response = await post('x'.repeat(200_000), 'text/plain');
    expect(response.status).to.equal(413);
    expect(await jsonOf(response)).to.include({ error: 'the body has more than 10000 bytes' });
  });

  for (const [status, type] of [
    [413, 'text/plain'],
    [415, 'text/xml'],
    [404, 'text/plain'],
  ] as const) {
    it(`serves the next request on a connection whose body it refused with ${status}`, async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const send = (path: string, method: string, body: string): Promise<[status: number, localPort: number]> =>
        new Promise((resolve, reject) => {
          const request = http.request(app.url + path, { agent, method, headers: { 'content-type': type } }, (response) => {
            const { localPort = 0 } = response.socket;
            response.resume().once('end', () => {
              resolve([response.statusCode ?? 0, localPort]);
            });
          });
          request.once('error', reject).end(body);
        });
      const [first, port] = await send(status === 404 ? '/nothing' : '/notes', 'POST', 'x'.repeat(300_000));
      const second = await send('/healthz', 'GET', '');
      expect([first, second]).to.deep.equal([status, [200, port]]);
      agent.destroy();
    });
  }

  const refused: [title: string, status: number, error: string, body: string | Uint8Array<ArrayBuffer>, type: string][] = [
    [
      'another type',
      415,
      'a note is sent as text/plain, application/json or application/x-www-form-urlencoded',
      '<a/>',
      'text/xml',
    ],
    ['an empty note', 400, 'the note is empty', ' \n', 'text/plain; charset=utf-8'],
    ['a note that is too long', 400, 'the note has 501 characters, 500 are allowed', 'ä'.repeat(501), 'text/plain'],
    ['bytes that are no UTF-8', 400, 'the body is not UTF-8', Uint8Array.of(0xc3, 0x28), 'text/plain'],
    ['broken JSON', 400, 'the body is not JSON', '{"text":', 'application/json'],
    ['JSON without the field', 400, 'the JSON has no field "text"', '["text"]', 'application/json'],
    ['JSON with another kind of value', 400, 'the note must be a text', '{"text":7}', 'application/json'],
    ['half a character', 400, 'the note holds control characters or half a character', '{"text":"\\ud83d"}', 'application/json'],
    ['an empty form', 400, 'the note is empty', 'text=', 'application/x-www-form-urlencoded'],
  ];
  for (const [title, status, error, body, type] of refused) {
    it(`refuses ${title} with ${status}`, async () => {
      const response = await post(body, type);
      expect(await jsonOf(response)).to.deep.equal({ error, by: hostname() });
      expect(response.status).to.equal(status);
    });
  }
});

describe('the access log', () => {
  let app: App | undefined;
  afterEach(() => stopApp(app));

  it('is off unless it is asked for, and then a line of JSON a request', async () => {
    app = await startApp({ ...NO_DATABASE, ACCESS_LOG: 'true' });
    await fetch(`${app.url}/healthz?secret=1`);
    await fetch(`${app.url}/nothing`);
    const { output } = app;
    const lines = await until('both lines', () => {
      const found = output()
        .split('\n')
        .filter((line) => line.startsWith('{'));
      return Promise.resolve(found.length === 2 ? found : undefined);
    });
    const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(entries.map(({ method, path, status }) => [method, path, status])).to.deep.equal([
      ['GET', '/healthz', 200],
      ['GET', '/nothing', 404],
    ]);
    await stopApp(app);
    app = await startApp(NO_DATABASE);
    await fetch(`${app.url}/healthz`);
    expect(app.output()).to.not.contain('{');
  });
});
