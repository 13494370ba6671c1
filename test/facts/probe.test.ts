import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { probe, type ProbeParams, type ProbeResult } from '../../src/facts/probe.js';
import { runLocally } from '../support/shell.js';
import { parseRecorded } from '../support/recorded.js';

const base = { kind: 'url', headers: {}, verify: true } as const;

describe('facts/probe', () => {
  let server: Server;
  let seen: { url: string | undefined; host: string | undefined; extra: string | string[] | undefined }[];
  let port: number;
  before(async () => {
    seen = [];
    server = createServer((request, response) => {
      seen.push({ url: request.url, host: request.headers.host, extra: request.headers['x-extra'] });
      response.statusCode = request.url === '/gone' ? 410 : 200;
      response.end("it's *here*\n");
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });

  /** Not with spawnSync, which would keep this process's own server from answering. */
  async function ask(params: ProbeParams): Promise<ProbeResult | undefined> {
    const read = probe(params);
    const script = read.fact.queries([params])[0]?.query.script ?? '';
    const child = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    await once(child, 'close');
    return parseRecorded(stdout, read)[0];
  }

  it('connects to a port', async () => {
    expect(await ask({ kind: 'port', host: '127.0.0.1', port })).to.deep.equal({
      outcome: 'reached',
      status: undefined,
      contains: true,
      detail: '',
    });
  });

  it('says why it cannot', async () => {
    const closed = createTcpServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const free = (closed.address() as AddressInfo).port;
    closed.close();
    await once(closed, 'close');
    const refused = { outcome: 'failed', contains: false, detail: 'Connection refused' };
    expect(await ask({ kind: 'port', host: '127.0.0.1', port: free })).to.deep.equal(refused);
    expect(await ask({ ...base, url: `http://127.0.0.1:${free}/` })).to.deep.equal(refused);
  });

  it('asks for a page, with its headers, and looks for a text in the answer', async () => {
    const page = await ask({
      ...base,
      url: `http://127.0.0.1:${port}/a?b=c%20d`,
      contains: "it's *here*",
      headers: { Host: 'www.foobar.com', 'X-Extra': "it's" },
    });
    expect(page).to.deep.include({ outcome: 'reached', status: 200, contains: true });
    expect(seen.at(-1)).to.deep.equal({ url: '/a?b=c%20d', host: 'www.foobar.com', extra: "it's" });
    expect(await ask({ ...base, url: `http://127.0.0.1:${port}/gone`, contains: 'itXs' })).to.deep.include({
      outcome: 'reached',
      status: 410,
      contains: false,
    });
  });

  it('knows what does not speak HTTP', async () => {
    const rude = createTcpServer((socket) => socket.resume().end('SSH-2.0-x\r\n')).listen(0, '127.0.0.1');
    await once(rude, 'listening');
    const answer = await ask({ ...base, url: `http://127.0.0.1:${(rude.address() as AddressInfo).port}/` });
    rude.close();
    expect(answer).to.deep.include({ outcome: 'failed', detail: 'it does not speak HTTP' });
  });

  it('has a script for https that a POSIX shell takes', () => {
    const params = { ...base, url: 'https://[::1]:8443/', ca: "/etc/it's/ca.pem" } as const;
    const script = probe(params).fact.queries([params])[0]?.query.script ?? '';
    expect(runLocally(`set -n\n${script}`)).to.deep.include({ code: 0, stderr: '' });
    expect(script).to.contain("-connect '[::1]:8443'").and.contain('-verify_ip ::1');
  });
});
