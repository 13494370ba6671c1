import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as immediate } from 'node:timers/promises';
import { InputError } from '../../../src/model/errors.js';
import { DeniedError } from '../../../src/transport/connect/failure.js';
import { openConnection } from '../../../src/transport/connect/open.js';
import type { ConnectTarget } from '../../../src/transport/connect/target.js';
import { Secret } from '../../../src/util/secret.js';
import { startAgent, type TestAgent } from './ssh-agent.js';
import { failure, makeKey, rewriteKey, startSshd, type TestSshd } from './sshd.js';

describe('logging in to a real sshd', () => {
  let sshd: TestSshd;
  let agent: TestAgent;
  const inFolder = (name: string): string => join(sshd.folder, name);
  /** Makes a key that the sshd accepts. */
  const accepted = (name: string, type?: string, passphrase?: string): string => {
    makeKey(inFolder(name), type, passphrase);
    sshd.authorize(`${inFolder(name)}.pub`);
    return inFolder(name);
  };
  const withAgent = (changes: Partial<ConnectTarget> = {}, ...lines: string[]): ConnectTarget =>
    sshd.target({
      privateKeyFile: undefined,
      sshConfigFile: sshd.sshConfigWith(`IdentityAgent ${agent.socket}`, ...lines),
      ...changes,
    });
  const login = async (target: ConnectTarget): Promise<void> => (await openConnection(target)).close();

  before(async () => {
    sshd = await startSshd(['MaxAuthTries 3']);
    agent = await startAgent();
  });
  after(async () => {
    await agent.stop();
    await sshd.stop();
  });

  for (const type of ['rsa', 'ecdsa', 'ed25519']) {
    it(`works with a key of type ${type}`, () => login(sshd.target({ privateKeyFile: accepted(`id_${type}`, type) })));
  }

  it('shows a key file signed, without asking first whether it would do', async () => {
    const keyFile = accepted('at-once');
    const before = sshd.log().length;
    await login(sshd.target({ privateKeyFile: keyFile }));
    const said = sshd.log().slice(before);
    expect(said).to.match(/Accepted publickey/);
    expect(said).to.not.match(/Postponed|Failed/);
  });

  it('goes on with the next key where the first one, shown signed, is refused', async () => {
    makeKey(inFolder('stranger'));
    const good = accepted('good');
    const config = sshd.sshConfigWith(`IdentityFile ${inFolder('stranger')}`, `IdentityFile ${good}`, 'IdentitiesOnly yes');
    await login(sshd.target({ privateKeyFile: undefined, sshConfigFile: config }));
    const refused = await failure(openConnection(sshd.target({ privateKeyFile: inFolder('stranger') })));
    expect(refused).to.be.instanceOf(DeniedError);
    expect(refused.message).to.match(/login refused \(tried: key \S+stranger \(ssh-ed25519 SHA256:\S+\); the server takes \S/);
  });

  it('works with keys in PEM and PKCS#8', async () => {
    for (const format of ['PEM', 'PKCS8']) {
      const keyFile = accepted(`id_${format}`, 'rsa');
      rewriteKey(keyFile, { format });
      await login(sshd.target({ privateKeyFile: keyFile }));
    }
  });

  it('asks for the passphrase of a key once, however many hosts want it', async () => {
    const keyFile = accepted('encrypted', 'ed25519', 'open sesame');
    const asked: string[] = [];
    const askPassphrase = (file: string): Promise<Secret> => {
      asked.push(file);
      return Promise.resolve(new Secret('open sesame'));
    };
    await Promise.all([1, 2, 3].map(() => login(sshd.target({ privateKeyFile: keyFile, askPassphrase }))));
    await login(sshd.target({ privateKeyFile: keyFile, askPassphrase }));
    expect(asked).to.deep.equal([keyFile]);
  });

  it('asks for the passphrase of a key in PEM at once, where no public key lies beside it', async () => {
    const keyFile = accepted('old', 'rsa');
    rewriteKey(keyFile, { format: 'PEM', passphrase: 'open sesame' });
    rmSync(`${keyFile}.pub`);
    const askPassphrase = (): Promise<Secret> => Promise.resolve(new Secret('open sesame'));
    await login(sshd.target({ privateKeyFile: keyFile, askPassphrase }));
  });

  it('asks again after a wrong passphrase', async () => {
    const keyFile = accepted('mistyped', 'ed25519', 'open sesame');
    const answers = ['open same', 'open sesame'];
    const askPassphrase = (): Promise<Secret> => Promise.resolve(new Secret(answers.shift() ?? ''));
    await login(sshd.target({ privateKeyFile: keyFile, askPassphrase }));
    expect(answers).to.deep.equal([]);
  });

  it('does not count the time that a person takes', async () => {
    const keyFile = accepted('slow', 'ed25519', 'open sesame');
    const askPassphrase = async (): Promise<Secret> => {
      const begun = performance.now();
      while (performance.now() - begun < 1200) await immediate();
      return new Secret('open sesame');
    };
    await login(sshd.target({ privateKeyFile: keyFile, askPassphrase, connectTimeoutSeconds: 1 }));
  });

  it('tells of certificates, which it cannot log in with', async () => {
    makeKey(inFolder('user_ca'));
    makeKey(inFolder('certified'));
    execFileSync('ssh-keygen', ['-q', '-s', inFolder('user_ca'), '-I', 'me', '-n', sshd.user, inFolder('certified.pub')]);
    const other = await startAgent();
    other.add(inFolder('certified'));
    const sshConfigFile = sshd.sshConfigWith(`IdentityAgent ${other.socket}`);
    const error = await failure(openConnection(sshd.target({ privateKeyFile: inFolder('certified'), sshConfigFile })));
    await other.stop();
    expect(error.message).to.include(`the certificate ${inFolder('certified-cert.pub')} is not used`);
    expect(error.message).to.match(/the agent's \S+ \(ssh-ed25519-cert-v01@openssh.com\) is not of a type that can be used here/);
  });

  it('asks for no passphrase of a key that the server does not take', async () => {
    makeKey(inFolder('unwanted'), 'ed25519', 'open sesame');
    const askPassphrase = (): Promise<Secret> => Promise.reject(new Error('asked'));
    const error = await failure(openConnection(sshd.target({ privateKeyFile: inFolder('unwanted'), askPassphrase })));
    expect(error).to.be.instanceOf(DeniedError);
    expect(error.message).to.match(
      /login refused \(tried: key \S+unwanted \(ssh-ed25519 SHA256:\S+\); the server takes publickey/,
    );
    expect(error.hint).to.include('authorized_keys');
  });

  it('says that a passphrase is wrong', async () => {
    const keyFile = accepted('wrong', 'ed25519', 'open sesame');
    const askPassphrase = (): Promise<Secret> => Promise.resolve(new Secret('close sesame'));
    const error = await failure(openConnection(sshd.target({ privateKeyFile: keyFile, askPassphrase })));
    expect(error).to.be.instanceOf(InputError);
    expect(error.message).to.include(`the passphrase of ${keyFile} is wrong`);
  });

  it('says that a key is encrypted where nobody can be asked', async () => {
    const keyFile = accepted('alone', 'ed25519', 'open sesame');
    const error = await failure(openConnection(sshd.target({ privateKeyFile: keyFile })));
    expect(error.message).to.match(
      /login refused \(there was nothing to log in with; the server takes publickey.*; \S+alone is encrypted and there is nobody to ask/,
    );
  });

  it('says that a key file is missing, or is no key', async () => {
    const missing = await failure(openConnection(sshd.target({ privateKeyFile: inFolder('nothing') })));
    expect(missing).to.be.instanceOf(InputError);
    expect(missing.message).to.equal(`web-01: the key file ${inFolder('nothing')} does not exist`);
    writeFileSync(inFolder('garbage'), 'this is no key\n');
    const garbage = await failure(openConnection(sshd.target({ privateKeyFile: inFolder('garbage') })));
    expect(garbage).to.be.instanceOf(InputError);
    expect(garbage.message).to.include(`${inFolder('garbage')} is not a key that can be used`);
  });

  it('works with a key that only the agent has', async () => {
    agent.add(accepted('in_agent', 'rsa'));
    await login(withAgent());
  });

  it('takes an encrypted key file from the agent, without its passphrase', async () => {
    const keyFile = accepted('both');
    agent.add(keyFile);
    rewriteKey(keyFile, { passphrase: 'open sesame' });
    await login(withAgent({ privateKeyFile: keyFile }));
  });

  it('tries the right key before the many others of the agent', async () => {
    for (const name of ['x1', 'x2', 'x3', 'x4']) {
      makeKey(inFolder(name));
      agent.add(inFolder(name));
    }
    await login(withAgent({ privateKeyFile: sshd.keyFile }));
    agent.add(accepted('late'));
    await login(withAgent({}, `IdentityFile ${inFolder('late')}`));
    copyFileSync(inFolder('late.pub'), inFolder('public_alone.pub'));
    await login(withAgent({}, `IdentityFile ${inFolder('public_alone.pub')}`, 'IdentitiesOnly yes'));
  });

  it('says that there were too many attempts', async () => {
    const other = await startAgent();
    for (const name of ['x1', 'x2', 'x3', 'x4']) other.add(inFolder(name));
    const sshConfigFile = sshd.sshConfigWith(`IdentityAgent ${other.socket}`);
    const error = await failure(openConnection(sshd.target({ privateKeyFile: undefined, sshConfigFile })));
    await other.stop();
    expect(error.message).to.match(/the server ended the login after too many attempts \(agent key \S+ \(ssh-ed25519 SHA256:/);
    expect(error.hint).to.include('IdentitiesOnly');
  });

  it('leaves the agent alone with IdentitiesOnly', async () => {
    const error = await failure(openConnection(withAgent({}, 'IdentitiesOnly yes')));
    expect(error.message).to.include('there was nothing to log in with');
  });

  it('goes on without an agent that does not answer', async () => {
    const sshConfigFile = sshd.sshConfigWith(`IdentityAgent ${inFolder('no-socket')}`, `IdentityFile ${sshd.keyFile}`);
    await login(sshd.target({ privateKeyFile: undefined, sshConfigFile }));
    const none = sshd.sshConfigWith(`IdentityAgent ${inFolder('no-socket')}`);
    const error = await failure(openConnection(sshd.target({ privateKeyFile: undefined, sshConfigFile: none })));
    expect(error.message).to.include(`the ssh-agent at ${inFolder('no-socket')} does not answer`);
  });

  it('passes over a key file of ssh_config that cannot be read, and says so when nothing else works', async () => {
    chmodSync(inFolder('garbage'), 0o600);
    const sshConfigFile = sshd.sshConfigWith('IdentityAgent none', `IdentityFile ${inFolder('garbage')}`);
    await login(sshd.target({ sshConfigFile }));
    const error = await failure(openConnection(sshd.target({ privateKeyFile: undefined, sshConfigFile })));
    expect(error.message).to.include(`${inFolder('garbage')} is not a key that can be used`);
  });
});

describe('logging in where two keys are wanted', () => {
  it('shows one after the other', async () => {
    const sshd = await startSshd(['AuthenticationMethods publickey,publickey']);
    try {
      makeKey(join(sshd.folder, 'second'));
      sshd.authorize(join(sshd.folder, 'second.pub'));
      const one = await failure(openConnection(sshd.target()));
      expect(one.message).to.match(/login refused \(tried: key \S+id /);
      const sshConfigFile = sshd.sshConfigWith(`IdentityFile ${join(sshd.folder, 'second')}`);
      await (await openConnection(sshd.target({ sshConfigFile }))).close();
    } finally {
      await sshd.stop();
    }
  });
});
