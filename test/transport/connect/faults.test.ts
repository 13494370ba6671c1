import { expect } from 'chai';
import { UnreachableError } from '../../../src/model/errors.js';
import { openConnection } from '../../../src/transport/connect/open.js';
import type { ConnectTarget } from '../../../src/transport/connect/target.js';
import { openGate, type Gate, type GateRule } from './gate.js';
import { failure, run, startSshd, type TestSshd } from './sshd.js';

describe('connecting over a network with faults', () => {
  let sshd: TestSshd;
  const gates: Gate[] = [];
  const gate = async (rule?: GateRule): Promise<Gate> => {
    const one = await openGate(sshd.port, rule);
    gates.push(one);
    return one;
  };
  /** Through a gate; the sshd is known by its own port. */
  const through = (port: number, changes: Partial<ConnectTarget> = {}, ...lines: string[]): ConnectTarget =>
    sshd.target({ port, sshConfigFile: sshd.sshConfigWith(`HostKeyAlias [127.0.0.1]:${sshd.port}`, ...lines), ...changes });

  before(async () => {
    sshd = await startSshd();
  });
  afterEach(() => Promise.all(gates.splice(0).map((one) => one.stop())));
  after(() => sshd.stop());

  it('gives up on a port that takes connections and says nothing, in the time that it has', async () => {
    const { port } = await gate(() => 'handled');
    const begun = performance.now();
    const error = await failure(openConnection(through(port, { connectTimeoutSeconds: 1 })));
    expect(performance.now() - begun).to.be.within(900, 4000);
    expect(error).to.be.instanceOf(UnreachableError);
    expect(error.message).to.equal(`web-01 (${sshd.user}@127.0.0.1:${port}): connected, but nothing of SSH was heard within 1 s`);
  });

  it('takes the time from ConnectTimeout of ssh_config too', async () => {
    const { port } = await gate(() => 'handled');
    const error = await failure(openConnection(through(port, {}, 'ConnectTimeout 1')));
    expect(error.message).to.include('within 1 s');
  });

  it('gives up on an address that does not answer at all', async function () {
    // TEST-NET-1 leads nowhere; a machine without a route says so at once.
    const error = await failure(openConnection(sshd.target({ address: '192.0.2.1', port: 22, connectTimeoutSeconds: 1 })));
    expect(error).to.be.instanceOf(UnreachableError);
    expect(error.message).to.match(
      /^web-01 \(\S+@192\.0\.2\.1:22\): (no answer within 1 s|no route|no answer|cannot connect|connection refused)/,
    );
  });

  it('tries again where too many connect at once', async () => {
    const front = await gate((socket, number) => {
      if (number > 2) return 'pass';
      if (number === 1) socket.end();
      else socket.end('Exceeded MaxStartups\r\n');
      return 'handled';
    });
    const connection = await openConnection(through(front.port));
    expect(await run(connection, 'echo hello')).to.equal('hello\n');
    expect(front.count()).to.equal(3);
    await connection.close();
  });

  it('tries again after a reset before the banner', async () => {
    const front = await gate((socket, number) => {
      if (number > 1) return 'pass';
      socket.resetAndDestroy();
      return 'handled';
    });
    await (await openConnection(through(front.port))).close();
    expect(front.count()).to.equal(2);
  });

  it('gives up on a server that always turns connections away, within its time', async () => {
    const front = await gate((socket) => {
      socket.end();
      return 'handled';
    });
    const error = await failure(openConnection(through(front.port, { connectTimeoutSeconds: 2 })));
    expect(error.message).to.include('the connection was closed before the server said anything of SSH');
    expect(error.hint).to.include('MaxStartups');
    expect(front.count()).to.be.greaterThan(1);
  });

  it('does not try again where something else than SSH answers', async () => {
    const front = await gate((socket) => {
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
      return 'handled';
    });
    const error = await failure(openConnection(through(front.port)));
    expect(error.message).to.include('(it said: HTTP/1.1 400 Bad Request)');
    expect(front.count()).to.equal(1);
  });

  it('gets every connection past the real limit of sshd, however many come at once', async () => {
    const small = await startSshd(['MaxStartups 3:50:6']);
    const connections = await Promise.all(Array.from({ length: 40 }, () => openConnection(small.target())));
    await Promise.all(connections.map((one) => one.close()));
    expect(small.log()).to.match(/MaxStartups/);
    await small.stop();
  }).timeout(120_000);

  it('has the whole time for each try, and for a server that says it is full more than that', async () => {
    const begun = performance.now();
    const front = await gate((socket) => {
      if (performance.now() - begun > 2500) return 'pass';
      socket.end('Exceeded MaxStartups\r\n');
      return 'handled';
    });
    await (await openConnection(through(front.port, { connectTimeoutSeconds: 1 }))).close();
    expect(front.count()).to.be.greaterThan(2);
  });

  it('notices by keepalives that the other side is gone', async () => {
    const front = await gate();
    const connection = await openConnection(through(front.port, {}, 'ServerAliveInterval 1', 'ServerAliveCountMax 1'));
    const ended = new Promise<Error | undefined>((resolve) => {
      connection.onClosed(resolve);
    });
    front.freeze();
    expect((await ended)?.message).to.equal('Keepalive timeout');
  });

  it('tells of a reset as an error', async () => {
    const front = await gate();
    const connection = await openConnection(through(front.port));
    const ended = new Promise<Error | undefined>((resolve) => {
      connection.onClosed(resolve);
    });
    front.reset();
    expect((await ended)?.message).to.match(/ECONNRESET|closed/);
  });

  it('closes a connection whose other side is gone without waiting for it', async () => {
    const front = await gate();
    const connection = await openConnection(through(front.port));
    front.freeze();
    const begun = performance.now();
    await connection.close();
    expect(performance.now() - begun).to.be.below(5000);
  });
});
