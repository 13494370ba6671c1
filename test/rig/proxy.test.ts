import { expect } from 'chai';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProxy } from './proxy.js';
import { waitFor } from './wait.js';

describe('rig: the apt proxy', () => {
  let folder: string;
  let proxy: Server;
  let mirror: Server;
  let mirrorPort: number;
  let asked: string[];
  let answer: (response: ServerResponse) => void;

  const portOf = (server: Server): number => (server.address() as AddressInfo).port;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rig-proxy-'));
    asked = [];
    answer = (response) => response.end('package');
    mirror = createServer((message, response) => {
      asked.push(message.url ?? '');
      answer(response);
    }).listen(0, '127.0.0.1');
    await once(mirror, 'listening');
    mirrorPort = portOf(mirror);
    proxy = await startProxy({ folder, address: '127.0.0.1', port: 0, upstream: { httpsHosts: [] } });
  });

  afterEach(async () => {
    proxy.close();
    proxy.closeAllConnections();
    mirror.close();
    mirror.closeAllConnections();
    await rm(folder, { recursive: true });
  });

  async function get(path: string, headers: Record<string, string> = {}): Promise<{ status: number | undefined; body: string }> {
    const asking = request({
      host: '127.0.0.1',
      port: portOf(proxy),
      path: `http://127.0.0.1:${String(mirrorPort)}${path}`,
      headers,
      agent: false,
    });
    asking.end();
    const [response] = (await once(asking, 'response')) as [NodeJS.ReadableStream & { statusCode?: number }];
    let body = '';
    for await (const chunk of response) body += chunk.toString();
    return { status: response.statusCode, body };
  }

  it('asks for a package once, also when hosts want it at the same time and for a part of it', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    answer = (response) => void gate.then(() => response.end('package'));
    const both = Promise.all([get('/pool/a_1%2b2.deb', { range: 'bytes=3-' }), get('/pool/a_1%2b2.deb')]);
    release();
    expect(await both).to.deep.equal(Array(2).fill({ status: 200, body: 'package' }));
    expect(await get('/pool/a_1%2b2.deb')).to.deep.equal({ status: 200, body: 'package' });
    expect(asked).to.have.length(1);
  });

  it('asks for a release file each time, and gives the last one when the mirror is gone', async () => {
    await get('/dists/x/InRelease');
    answer = (response) => response.end('newer');
    expect((await get('/dists/x/InRelease')).body).to.equal('newer');
    const kept = join(folder, `127.0.0.1_${String(mirrorPort)}`, 'dists/x/InRelease');
    await waitFor('the answer is kept', 5000, async () =>
      (await readFile(kept, 'utf8').catch(() => '')) === 'newer' ? true : undefined,
    );
    mirror.close();
    mirror.closeAllConnections();
    expect((await get('/dists/x/InRelease')).body).to.equal('newer');
    expect((await get('/dists/y/InRelease')).status).to.equal(502);
  });

  it('keeps no error and no half of a file', async () => {
    answer = (response) => response.writeHead(404).end('none');
    expect((await get('/pool/b.deb')).status).to.equal(404);
    answer = (response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('half', () => response.destroy());
    };
    await get('/pool/b.deb').then(
      () => expect.fail('half a file passed for a whole one'),
      () => undefined,
    );
    answer = (response) => response.end('whole');
    expect((await get('/pool/b.deb')).body).to.equal('whole');
    await waitFor('no half of a file is left', 5000, async () => {
      const halves = (await readdir(folder)).filter((name) => name.startsWith('part-'));
      return halves.length === 0 ? true : undefined;
    });
  });

  it('does not leave its folder', async () => {
    const outside = join(folder, '..', `outside-${String(process.pid)}.deb`);
    await writeFile(outside, 'secret');
    const climbing = `/..%2f..%2foutside-${String(process.pid)}.deb`;
    expect((await get(climbing)).status).to.equal(400);
    expect(await readFile(outside, 'utf8')).to.equal('secret');
    await rm(outside);
  });
});
