import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificateFault, parseCertificate } from '../../../src/transport/connect/certificate.js';
import { openConnection } from '../../../src/transport/connect/open.js';
import { failure, makeKey, publicKeyOf, startSshd, type TestSshd } from './sshd.js';

/** Signs a host key with the real ssh-keygen and gives the encoded certificate. */
function sign(ca: string, key: string, ...options: readonly string[]): Buffer {
  execFileSync('ssh-keygen', ['-q', '-s', ca, '-I', 'the-host', ...options, `${key}.pub`]);
  return Buffer.from(readFileSync(`${key}-cert.pub`, 'utf8').split(' ')[1] ?? '', 'base64');
}

const HOST = ['-h', '-n', 'web-01.example.com,*.internal', '-V', '20260101Z:20270101Z'];
const NOW = Date.UTC(2026, 5, 1) / 1000;

describe('host certificates', () => {
  let folder: string;
  const file = (name: string): string => join(folder, name);
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'provision-ca-'));
    for (const type of ['ed25519', 'rsa', 'ecdsa']) {
      makeKey(file(`ca_${type}`), type);
      makeKey(file(`host_${type}`), type);
    }
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  for (const ca of ['ed25519', 'rsa', 'ecdsa']) {
    for (const host of ['ed25519', 'rsa', 'ecdsa']) {
      it(`hold for a key of type ${host} signed by one of type ${ca}`, () => {
        const certificate = parseCertificate(sign(file(`ca_${ca}`), file(`host_${host}`), ...HOST));
        expect(certificate).to.deep.include({
          keyId: 'the-host',
          principals: ['web-01.example.com', '*.internal'],
          isHost: true,
        });
        expect(certificate.key.toString('base64')).to.equal(publicKeyOf(file(`host_${host}`)).split(' ')[1]);
        expect(certificate.authority.toString('base64')).to.equal(publicKeyOf(file(`ca_${ca}`)).split(' ')[1]);
        expect(certificateFault(certificate, 'web-01.example.com', NOW)).to.equal(undefined);
      });
    }
  }

  it('hold for the curves of 384 and 521 bits', () => {
    for (const bits of ['384', '521']) {
      execFileSync('ssh-keygen', ['-q', '-t', 'ecdsa', '-b', bits, '-N', '', '-f', file(`ca_${bits}`)]);
      const certificate = parseCertificate(sign(file(`ca_${bits}`), file('host_ed25519'), ...HOST));
      expect(certificateFault(certificate, 'web-01.example.com', NOW)).to.equal(undefined);
    }
  });

  it('hold for the names that they list, and until they expire', () => {
    const certificate = parseCertificate(sign(file('ca_ed25519'), file('host_ed25519'), ...HOST));
    expect(certificateFault(certificate, 'db.internal', NOW)).to.equal(undefined);
    expect(certificateFault(certificate, 'db.example.com', NOW)).to.match(
      /it is for web-01\.example\.com, \*\.internal, not for db/,
    );
    expect(certificateFault(certificate, 'db.internal', Date.UTC(2027, 0, 1) / 1000)).to.equal(
      'it expired on 2027-01-01T00:00:00.000Z',
    );
    expect(certificateFault(certificate, 'db.internal', Date.UTC(2025, 11, 31) / 1000)).to.match(/valid only from 2026-01-01/);
  });

  it('do not hold when they are for users or signed with SHA-1', () => {
    const user = parseCertificate(sign(file('ca_ed25519'), file('host_ed25519'), '-n', 'web-01.example.com'));
    expect(certificateFault(user, 'web-01.example.com', NOW)).to.match(/for a user/);
    const old = parseCertificate(sign(file('ca_rsa'), file('host_ed25519'), '-t', 'ssh-rsa', ...HOST));
    expect(certificateFault(old, 'web-01.example.com', NOW)).to.equal('its signature is wrong');
  });

  it('do not survive the change of any bit', () => {
    const data = sign(file('ca_ed25519'), file('host_ed25519'), ...HOST);
    fc.assert(
      fc.property(fc.nat(data.length - 1), fc.nat(7), (index, bit) => {
        const changed = Buffer.from(data);
        changed[index] = (changed[index] ?? 0) ^ (1 << bit);
        let fault: string | undefined;
        try {
          fault = certificateFault(parseCertificate(changed), 'web-01.example.com', NOW);
        } catch {
          fault = 'unreadable';
        }
        expect(fault).to.be.a('string');
      }),
      { numRuns: 400 },
    );
  });
});

describe('connecting to a host that an authority vouches for', () => {
  let sshd: TestSshd;
  const inFolder = (name: string): string => join(sshd.folder, name);
  before(async () => {
    sshd = await startSshd(['HostCertificate FOLDER/host_ed25519-cert.pub', 'HostKey FOLDER/host_rsa'], (folder) => {
      makeKey(join(folder, 'ca'));
      makeKey(join(folder, 'other_ca'));
      makeKey(join(folder, 'host_rsa'), 'rsa');
      sign(join(folder, 'ca'), join(folder, 'host_ed25519'), '-h', '-n', '127.0.0.1');
    });
  });
  after(() => sshd.stop());

  const knowing = (name: string, ...lines: readonly string[]) => {
    execFileSync('sh', ['-c', 'cat > "$1"', 'sh', inFolder(name)], { input: `${lines.join('\n')}\n` });
    return sshd.target({ knownHostsFile: inFolder(name) });
  };

  it('trusts its key without knowing it', async () => {
    const connection = await openConnection(knowing('ca_known', `@cert-authority [127.0.0.1]:* ${publicKeyOf(inFolder('ca'))}`));
    await connection.close();
  });

  it('takes an authority that is named without the port', async () => {
    await (await openConnection(knowing('ca_plain', `@cert-authority 127.* ${publicKeyOf(inFolder('ca'))}`))).close();
  });

  it('refuses it for another authority, and says so', async () => {
    const error = await failure(openConnection(knowing('other', `@cert-authority * ${publicKeyOf(inFolder('other_ca'))}`)));
    expect(error.message).to.match(
      /its host key is not known: ssh-ed25519 \S+; a certificate authority is known for it \(\S+other:1\), but its certificate is signed by another authority/,
    );
  });

  it('refuses a certificate for another name', async () => {
    const target = knowing('alias', `@cert-authority * ${publicKeyOf(inFolder('ca'))}`);
    const error = await failure(openConnection({ ...target, sshConfigFile: sshd.sshConfigWith('HostKeyAlias db-01') }));
    expect(error.message).to.match(/its host certificate "the-host" does not hold: it is for 127\.0\.0\.1, not for db-01/);
    expect(error.hint).to.include('HostKeyAlias');
  });

  it('refuses a revoked authority', async () => {
    const ca = publicKeyOf(inFolder('ca'));
    const error = await failure(openConnection(knowing('revoked', `@cert-authority * ${ca}`, `@revoked * ${ca}`)));
    expect(error.message).to.match(/does not hold: it is revoked by \S+revoked:2/);
  });

  it('still knows a host by its plain key, where the authority is another', async () => {
    const plain = `[127.0.0.1]:${sshd.port} ${sshd.hostKey}`;
    await (await openConnection(knowing('both', `@cert-authority * ${publicKeyOf(inFolder('other_ca'))}`, plain))).close();
  });
});
