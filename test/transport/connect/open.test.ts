import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { openConnection } from '../../../src/transport/connect/open.js';
import type { ConnectTarget, SshConnection } from '../../../src/transport/connect/target.js';
import { startSshd, type TestSshd } from './sshd.js';

describe('connecting to a real sshd', () => {
  let sshd: TestSshd;
  before(async () => {
    sshd = await startSshd();
  });
  after(() => sshd.stop());

  const target = (changes: Partial<ConnectTarget> = {}): ConnectTarget => ({
    name: 'web-01',
    address: '127.0.0.1',
    port: sshd.port,
    user: sshd.user,
    privateKeyFile: sshd.keyFile,
    sshConfigFile: sshd.sshConfig,
    acceptNewHostKeys: false,
    ...changes,
  });

  it('logs in with a key file and runs a command', async () => {
    const connection = await openConnection(target());
    expect(await run(connection, 'echo hello')).to.equal('hello\n');
    expect(connection).to.include({ address: '127.0.0.1', port: sshd.port, user: sshd.user });
    await connection.close();
  });
  it('tells of its end', async () => {
    const connection = await openConnection(target());
    const ended = new Promise<Error | undefined>((resolve) => {
      connection.onClosed(resolve);
    });
    await connection.close();
    expect(await ended).to.equal(undefined);
    expect(readFileSync(sshd.knownHosts, 'utf8')).to.equal(`[127.0.0.1]:${sshd.port} ${sshd.hostKey}\n`);
  });
});

function run(connection: SshConnection, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    connection.client.exec(command, (error, channel) => {
      if (error) {
        reject(error);
        return;
      }
      let output = '';
      channel.on('data', (chunk: Buffer) => (output += chunk.toString()));
      channel.stderr.resume();
      channel.on('close', () => {
        resolve(output);
      });
    });
  });
}
