import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, UnreachableError } from '../../../src/model/errors.js';
import { DeniedError } from '../../../src/transport/connect/failure.js';
import { openConnection } from '../../../src/transport/connect/open.js';
import { failure, makeKey, publicKeyOf, run, startSshd, type TestSshd } from './sshd.js';
import { freePort } from '../../support/freePort.js';

describe('connecting to a real sshd', () => {
  let sshd: TestSshd;
  before(async () => {
    sshd = await startSshd(['HostKey FOLDER/host_rsa'], (folder) => {
      makeKey(join(folder, 'host_rsa'), 'rsa');
    });
  });
  after(() => sshd.stop());

  const at = (): string => `web-01 (${sshd.user}@127.0.0.1:${sshd.port}): `;
  const fingerprintOf = (name: string): string =>
    execFileSync('ssh-keygen', ['-lf', join(sshd.folder, `${name}.pub`)], { encoding: 'utf8' }).split(' ')[1] ?? '';
  const knownHosts = (name: string, content: string): string => {
    const file = join(sshd.folder, name);
    writeFileSync(file, content);
    return file;
  };

  it('logs in with a key file and runs a command', async () => {
    const connection = await openConnection(sshd.target());
    expect(await run(connection, 'echo hello')).to.equal('hello\n');
    expect(connection).to.include({ address: '127.0.0.1', port: sshd.port, user: sshd.user });
    await connection.close();
  });

  it('tells of its end, also to those who ask later', async () => {
    const connection = await openConnection(sshd.target());
    const ended = new Promise<Error | undefined>((resolve) => {
      connection.onClosed(resolve);
    });
    await connection.close();
    expect(await ended).to.equal(undefined);
    const later = new Promise<Error | undefined>((resolve) => {
      connection.onClosed(resolve);
    });
    expect(await later).to.equal(undefined);
    await connection.close();
  });

  it('tells of an end that it did not ask for as an error', async () => {
    const connection = await openConnection(sshd.target());
    const ended = new Promise<Error | undefined>((resolve) => {
      connection.onClosed(resolve);
    });
    await run(connection, 'kill $PPID');
    expect((await ended)?.message).to.equal('the host closed the connection');
  });

  it('refuses an unknown key, with its fingerprint and the flag that accepts it', async () => {
    const error = await failure(openConnection(sshd.target({ knownHostsFile: join(sshd.folder, 'none') })));
    expect(error).to.be.instanceOf(DeniedError);
    expect(error.message).to.equal(`${at()}its host key is not known: ssh-ed25519 ${fingerprintOf('host_ed25519')}`);
    expect(error.hint).to.include('--accept-new-host-keys');
  });

  it('notes an accepted new key down, in a new file of its own folder, and knows it afterwards', async () => {
    const file = join(sshd.folder, 'new-folder/known_hosts');
    await (await openConnection(sshd.target({ knownHostsFile: file, acceptNewHostKeys: true }))).close();
    expect(readFileSync(file, 'utf8')).to.equal(`[127.0.0.1]:${sshd.port} ${sshd.hostKey}\n`);
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    expect(statSync(join(file, '..')).mode & 0o777).to.equal(0o700);
    await (await openConnection(sshd.target({ knownHostsFile: file }))).close();
  });

  it('writes names hashed where ssh_config says so, readable for ssh-keygen', async () => {
    const file = knownHosts('hashed', '# no line break at the end');
    const sshConfigFile = sshd.sshConfigWith('HashKnownHosts yes');
    await (await openConnection(sshd.target({ knownHostsFile: file, sshConfigFile, acceptNewHostKeys: true }))).close();
    expect(readFileSync(file, 'utf8')).to.match(/end\n\|1\|\S+\|\S+ ssh-ed25519 \S+\n$/);
    const found = execFileSync('ssh-keygen', ['-F', `[127.0.0.1]:${sshd.port}`, '-f', file], { encoding: 'utf8' });
    expect(found).to.include(sshd.hostKey);
    await (await openConnection(sshd.target({ knownHostsFile: file, sshConfigFile }))).close();
  });

  it('asks for a key of the type that is known', async () => {
    const file = knownHosts('rsa-only', `[127.0.0.1]:${sshd.port} ${publicKeyOf(join(sshd.folder, 'host_rsa'))}\n`);
    await (await openConnection(sshd.target({ knownHostsFile: file }))).close();
  });

  it('always refuses a changed key, and says which line and how to forget it', async () => {
    makeKey(join(sshd.folder, 'other'));
    const file = knownHosts('changed', `# one\n[127.0.0.1]:${sshd.port} ${publicKeyOf(join(sshd.folder, 'other'))}\n`);
    const error = await failure(openConnection(sshd.target({ knownHostsFile: file, acceptNewHostKeys: true })));
    expect(error).to.be.instanceOf(DeniedError);
    expect(error.message).to.equal(
      `${at()}its host key has CHANGED: known is ssh-ed25519 ${fingerprintOf('other')} (${file}:2); ` +
        `offered is ssh-ed25519 ${fingerprintOf('host_ed25519')}`,
    );
    expect(error.hint).to.include(`ssh-keygen -f ${file} -R '[127.0.0.1]:${sshd.port}'`);
    expect(readFileSync(file, 'utf8').split('\n')).to.have.length(3);
  });

  it('refuses a revoked key', async () => {
    const file = knownHosts('revoked', `[127.0.0.1]:${sshd.port} ${sshd.hostKey}\n@revoked * ${sshd.hostKey}\n`);
    const error = await failure(openConnection(sshd.target({ knownHostsFile: file })));
    expect(error.message).to.match(/its host key is revoked \(.*:2\)$/);
  });

  it('looks a host up by its HostKeyAlias', async () => {
    const file = knownHosts('alias', `the-alias ${sshd.hostKey}\n`);
    await (
      await openConnection(sshd.target({ knownHostsFile: file, sshConfigFile: sshd.sshConfigWith('HostKeyAlias the-alias') }))
    ).close();
  });

  it('says that a port is refused', async () => {
    const port = await freePort();
    const error = await failure(openConnection(sshd.target({ port })));
    expect(error).to.be.instanceOf(UnreachableError).and.not.instanceOf(DeniedError);
    expect(error.message).to.equal(`web-01 (${sshd.user}@127.0.0.1:${port}): connection refused`);
  });

  it('says that a name does not exist', async () => {
    const error = await failure(openConnection(sshd.target({ address: 'no-such-host.invalid' })));
    expect(error).to.be.instanceOf(UnreachableError);
    expect(error.message).to.match(/no such host name: no-such-host\.invalid|could not be looked up/);
  });

  it('rejects an address that ssh would take for an option', async () => {
    const error = await failure(openConnection(sshd.target({ address: '-oProxyCommand=true' })));
    expect(error).to.be.instanceOf(InputError);
  });

  it('lets ssh_config say where a host is, on which port, and who logs in', async () => {
    const sshConfigFile = sshd.sshConfigWith(
      'Host an-alias',
      '  HostName 127.0.0.1',
      `  Port ${sshd.port}`,
      `  User ${sshd.user}`,
      `  IdentityFile ${sshd.keyFile}`,
    );
    const { name, acceptNewHostKeys } = sshd.target();
    const connection = await openConnection({ name, acceptNewHostKeys, sshConfigFile, address: 'an-alias' });
    expect(connection).to.include({ address: '127.0.0.1', port: sshd.port, user: sshd.user });
    await connection.close();
  });

  it('reads ssh_config by itself where there is no ssh', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = sshd.folder;
    try {
      const sshConfigFile = sshd.sshConfigWith('Host alone', '  HostName 127.0.0.1');
      await (await openConnection(sshd.target({ address: 'alone', sshConfigFile }))).close();
    } finally {
      process.env['PATH'] = path;
    }
  });
});
