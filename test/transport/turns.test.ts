import { expect } from 'chai';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { openConnection } from '../../src/transport/connect/open.js';
import { openSession } from '../../src/transport/session.js';
import { sshTransport } from '../../src/transport/ssh.js';
import { startSshd, type TestSshd } from './connect/sshd.js';

/** Lets a connection through, late both ways, and counts how often the client says something after it has heard something. */
async function countingProxy(port: number, delay: number) {
  let turns = 0;
  let client = false;
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    near.on('data', (chunk) => {
      if (!client) turns++;
      client = true;
      setTimeout(() => far.write(chunk), delay);
    });
    far.on('data', (chunk) => {
      client = false;
      setTimeout(() => near.write(chunk), delay);
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, turns: () => turns, stop: () => server.close() };
}

describe('turns of a login', () => {
  let sshd: TestSshd;
  before(async () => {
    sshd = await startSshd();
  });
  after(() => sshd.stop());

  it('are six until the first answer, the key exchange included', async () => {
    // So slow that what belongs together is not taken apart by chance.
    const proxy = await countingProxy(sshd.port, 150);
    const connection = await openConnection(
      sshd.target({ port: proxy.port, sshConfigFile: sshd.sshConfigWith(`HostKeyAlias [127.0.0.1]:${sshd.port}`) }),
    );
    const loggedIn = proxy.turns();
    const session = await openSession({
      transport: () => Promise.resolve(sshTransport('web-01', connection)),
      host: 'web-01',
      user: connection.user,
      becomePassword: undefined,
      runId: 'test',
      holder: 'a test',
    });
    const [answer] = await session.read(['echo hello']);
    expect(answer?.stdout).to.equal('hello\n');
    // Banner; algorithms and key exchange; login. Channel; shell; question.
    expect([loggedIn, proxy.turns()]).to.deep.equal([3, 6]);
    await session.close();
    await connection.close();
    proxy.stop();
  });
});
