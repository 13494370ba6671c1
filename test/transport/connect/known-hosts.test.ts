import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judge, readKnownHost } from '../../../src/transport/connect/known-hosts.js';
import { wireString } from '../../../src/transport/connect/wire.js';
import { failure } from './sshd.js';

const key = (type: string, text: string): Buffer => Buffer.concat([wireString(type), wireString(text)]);
const A = key('ssh-ed25519', 'a');
const B = key('ssh-ed25519', 'b');
const RSA = key('ssh-rsa', 'r');
const line = (hosts: string, one: Buffer, type = 'ssh-ed25519'): string => `${hosts} ${type} ${one.toString('base64')}\n`;

describe('known hosts', () => {
  let folder: string;
  let count = 0;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'provision-known-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });
  const file = (content: string): string => {
    const path = join(folder, String(++count));
    writeFileSync(path, content);
    return path;
  };
  const verdict = async (content: string, offered: Buffer, port = 22): Promise<string> =>
    judge(await readKnownHost([file(content)], { host: 'web-01', port }), offered).kind;

  it('know a key of the host, of any type', async () => {
    expect(await verdict(line('web-01', A) + line('web-01', RSA, 'ssh-rsa'), RSA)).to.equal('known');
  });
  it('do not know a key of another host', async () => {
    expect(await verdict(line('web-02', A), A)).to.equal('unknown');
  });
  it('see another key as a changed one, also where the type is another', async () => {
    expect(await verdict(line('web-01', A), B)).to.equal('changed');
    expect(await verdict(line('web-01', A), RSA)).to.equal('changed');
  });
  it('let a revocation win', async () => {
    expect(await verdict(line('web-01', A) + `@revoked ${line('*', A)}`, A)).to.equal('revoked');
    expect(await verdict(line('web-01', A) + `@revoked ${line('*', B)}`, A)).to.equal('known');
  });
  it('do not take the key of an authority for one of the host', async () => {
    expect(await verdict(`@cert-authority ${line('*', A)}`, A)).to.equal('unknown');
  });
  it('take the key of port 22 for another port, but do not miss it there', async () => {
    expect(await verdict(line('web-01', A), A, 2222)).to.equal('known');
    expect(await verdict(line('web-01', A), B, 2222)).to.equal('unknown');
    expect(await verdict(line('web-01', A) + line('[web-01]:2222', B), A, 2222)).to.equal('changed');
  });
  it('come from several files, of which some may be missing', async () => {
    const files = [join(folder, 'missing'), file(line('web-01', A)), file(line('web-01', B))];
    const known = await readKnownHost(files, { host: 'WEB-01', port: 22 });
    expect(known.keys.map((one) => one.file)).to.deep.equal(files.slice(1));
  });
  it('that cannot be read are an error', async () => {
    const error = await failure(readKnownHost([folder], { host: 'web-01', port: 22 }));
    expect(error.message).to.match(/cannot read the known hosts file .*EISDIR/);
  });
});
