import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, UnreachableError } from '../../../src/model/errors.js';
import { DeniedError } from '../../../src/transport/connect/failure.js';
import { openConnection } from '../../../src/transport/connect/open.js';
import type { ConnectTarget } from '../../../src/transport/connect/target.js';
import { failure, makeKey, publicKeyOf, run, startSshd, type TestSshd } from './sshd.js';
import { freePort } from '../../support/freePort.js';

describe('connecting through jump hosts', () => {
  let bastion: TestSshd;
  let inner: TestSshd;
  let target: TestSshd;
  before(async () => {
    [bastion, inner, target] = await Promise.all([startSshd(), startSshd(), startSshd()]);
  });
  after(() => Promise.all([bastion.stop(), inner.stop(), target.stop()]));

  /** An ssh_config that knows all three under names of their own. */
  const config = (...lines: readonly string[]): string => {
    const hosts = Object.entries({ bastion, inner, target }).map(
      ([name, sshd]) => `Host ${name}
  HostName 127.0.0.1
  Port ${sshd.port}
  IdentityFile ${sshd.keyFile}
  IdentitiesOnly yes
  UserKnownHostsFile ${sshd.knownHosts}`,
    );
    return target.sshConfigWith(...lines, ...hosts);
  };
  const through = (sshConfigFile: string, changes: Partial<ConnectTarget> = {}): ConnectTarget => ({
    name: 'web-01',
    address: 'target',
    sshConfigFile,
    acceptNewHostKeys: false,
    ...changes,
  });
  const sessions = (sshd: TestSshd): number => sshd.log().match(/Accepted publickey/g)?.length ?? 0;

  it('reaches a host through one', async () => {
    const before = sessions(bastion);
    const connection = await openConnection(through(config('Host target', '  ProxyJump bastion')));
    expect(await run(connection, 'echo hello')).to.equal('hello\n');
    await connection.close();
    expect(sessions(bastion)).to.equal(before + 1);
  });

  it('reaches a host through two, given in a list or each by its own ssh_config', async () => {
    for (const lines of [
      ['Host target', '  ProxyJump bastion,inner'],
      ['Host target', '  ProxyJump inner', 'Host inner', '  ProxyJump ssh://bastion'],
    ]) {
      const before = [sessions(bastion), sessions(inner)];
      await (await openConnection(through(config(...lines)))).close();
      expect([sessions(bastion), sessions(inner)]).to.deep.equal(before.map((count) => count + 1));
    }
  });

  it('carries much data', async () => {
    const connection = await openConnection(through(config('Host target', '  ProxyJump bastion')));
    expect(await run(connection, 'head -c 20000000 /dev/zero | tr "\\0" x')).to.have.length(20_000_000);
    await connection.close();
  });

  it('shares one connection to a jump host, and ends it with the last user', async () => {
    const before = sessions(bastion);
    const sshConfigFile = config('Host target', '  ProxyJump bastion');
    const connections = await Promise.all([1, 2, 3, 4].map(() => openConnection(through(sshConfigFile))));
    expect(sessions(bastion)).to.equal(before + 1);
    const [first, ...others] = connections;
    await first?.close();
    expect(await Promise.all(others.map((one) => run(one, 'echo on')))).to.deep.equal(['on\n', 'on\n', 'on\n']);
    await Promise.all(others.map((one) => one.close()));
    await (await openConnection(through(sshConfigFile))).close();
    expect(sessions(bastion)).to.equal(before + 2);
  });

  it('verifies the key of a jump host too', async () => {
    makeKey(join(bastion.folder, 'changed'));
    const file = join(bastion.folder, 'known_changed');
    writeFileSync(file, `[127.0.0.1]:${bastion.port} ${publicKeyOf(join(bastion.folder, 'changed'))}\n`);
    const sshConfigFile = config('Host target', '  ProxyJump bastion', 'Host bastion', `  UserKnownHostsFile ${file}`);
    const error = await failure(openConnection(through(sshConfigFile)));
    expect(error).to.be.instanceOf(DeniedError);
    expect(error.message).to.include(
      `web-01: jump host bastion (${bastion.user}@127.0.0.1:${bastion.port}): its host key has CHANGED: known is ssh-ed25519`,
    );
  });

  it('tries the host’s own key file at the jump host as well', async () => {
    bastion.authorize(`${target.keyFile}.pub`);
    const sshConfigFile = target.sshConfigWith(
      'Host target',
      `  ProxyJump ${bastion.user}@127.0.0.1:${bastion.port}`,
      '  HostName 127.0.0.1',
      `  Port ${target.port}`,
      'Host *',
      `  UserKnownHostsFile ${target.knownHosts} ${bastion.knownHosts}`,
    );
    await (await openConnection(through(sshConfigFile, { privateKeyFile: target.keyFile }))).close();
  });

  it('says which host is down: the jump host or the one behind it', async () => {
    const port = await freePort();
    const noBastion = await failure(openConnection(through(config('Host target', `  ProxyJump 127.0.0.1:${port}`))));
    expect(noBastion.message).to.equal(`web-01: jump host 127.0.0.1 (${bastion.user}@127.0.0.1:${port}): connection refused`);
    const noTarget = await failure(openConnection(through(config('Host target', '  ProxyJump bastion'), { port })));
    expect(noTarget.message).to.match(
      new RegExp(
        `^web-01 \\(\\S+@127.0.0.1:${port}\\): jump host \\S+@127.0.0.1:${bastion.port} cannot connect to it: .*refused`,
      ),
    );
  });

  it('notices a ProxyJump that goes in a circle', async () => {
    const error = await failure(
      openConnection(
        through(
          config('Host target', '  ProxyJump inner', 'Host inner', '  ProxyJump bastion', 'Host bastion', '  ProxyJump inner'),
        ),
      ),
    );
    expect(error).to.be.instanceOf(InputError);
    expect(error.message).to.include('in a circle');
  });

  it('tells of the end of the jump host as an error, with no uncaught exception', async () => {
    const short = await startSshd();
    const sshConfigFile = config(
      'Host target',
      '  ProxyJump short',
      'Host short',
      `  HostName 127.0.0.1`,
      `  Port ${short.port}`,
      `  IdentityFile ${short.keyFile}`,
      `  UserKnownHostsFile ${short.knownHosts}`,
    );
    const connection = await openConnection(through(sshConfigFile));
    const ended = new Promise<Error | undefined>((resolve) => {
      connection.onClosed(resolve);
    });
    const jump = await openConnection(short.target());
    await run(jump, 'kill $(ps -o pid= --ppid $(ps -o ppid= -p $PPID))');
    expect(await ended).to.be.instanceOf(Error);
    await jump.close();
    await short.stop();
  });

  describe('or a ProxyCommand', () => {
    /** Netcat in twelve words of Node: nothing else is sure to be there. */
    const netcat = `${process.execPath} -e 'const s=require("net").connect(+process.argv[2],process.argv[1]);process.stdin.pipe(s).pipe(process.stdout)' -- %h %p`;

    it('reaches a host', async () => {
      const sshConfigFile = target.sshConfigWith(`ProxyCommand ${netcat}`);
      const connection = await openConnection(target.target({ sshConfigFile }));
      expect(await run(connection, 'echo hello')).to.equal('hello\n');
      await connection.close();
    });

    it('says what a command that fails wrote', async () => {
      const sshConfigFile = target.sshConfigWith("ProxyCommand sh -c 'echo the tunnel is shut >&2; exit 3'");
      const error = await failure(openConnection(target.target({ sshConfigFile, connectTimeoutSeconds: 2 })));
      expect(error).to.be.instanceOf(UnreachableError);
      expect(error.message).to.match(/the ProxyCommand `exec |the ProxyCommand `sh -c/);
      expect(error.message).to.include('ended with 3: the tunnel is shut');
    });

    it('keeps what a shell would understand out of it', async () => {
      const sshConfigFile = target.sshConfigWith(`ProxyCommand ${netcat}`);
      const error = await failure(openConnection(target.target({ sshConfigFile, user: 'a;touch${IFS}x' })));
      expect(error).to.be.instanceOf(InputError);
    });
  });
});
