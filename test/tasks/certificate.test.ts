import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { chmodSync, copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  certificateState,
  NO_CERTIFICATE_FILE,
  type CertificateFile,
  type CertificateState,
} from '../../src/facts/certificate.js';
import { InputError, PlanError } from '../../src/model/errors.js';
import { certificate } from '../../src/tasks/certificate.js';
import { reveal, Secret } from '../../src/util/secret.js';
import { createCa, type CertificateAuthority } from '../../src/vault/ca.js';
import { applyLocally, needsRoot, planLocally } from '../support/apply.js';
import { nowhere, planAfter, planOn } from '../support/plan.js';
import { runLocally } from '../support/shell.js';

const bare: CertificateState = {
  openssl: false,
  now: Date.now() / 1000,
  content: undefined,
  certificate: NO_CERTIFICATE_FILE,
  key: NO_CERTIFICATE_FILE,
  authority: NO_CERTIFICATE_FILE,
  chain: NO_CERTIFICATE_FILE,
  authorityMatches: false,
  chainMatches: false,
};

describe('tasks/certificate', () => {
  before(needsRoot);
  let ca: CertificateAuthority;
  let other: CertificateAuthority;
  before(async () => {
    ca = await createCa('Test authority', 1000);
    other = await createCa('Test authority', 100);
  });

  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "it's a "));
  });
  afterEach(() => {
    rmSync(dir, { recursive: true });
  });

  function wanted(more: Partial<Parameters<typeof certificate>[0]> = {}) {
    return certificate({
      path: join(dir, 'server.pem'),
      keyPath: join(dir, 'server.key'),
      caPath: join(dir, 'ca.pem'),
      chainPath: join(dir, 'chain.pem'),
      caCertificate: ca.certificate,
      caKey: new Secret(ca.key),
      commonName: 'web-01',
      sans: ['Web-01', '10.0.0.11', 'FD00:0::11', '*.example.org'],
      ...more,
    });
  }

  it('issues one that openssl trusts, for exactly the names, and leaves nothing else behind', async () => {
    const [change] = await applyLocally(wanted());
    expect(change?.summary).to.equal('issue for web-01: there is none');
    expect(change?.diff?.after).to.match(
      /^subject: web-01\nfor: \*\.example\.org, 10\.0\.0\.11, fd00::11, web-01\nvalid for: \d+ days\n/,
    );
    const { code, stdout } = runLocally(
      `cd "${dir}"; for n in 'verify_hostname a.example.org' 'verify_ip 10.0.0.11' 'verify_ip fd00::11'; do openssl verify -purpose sslserver -CAfile ca.pem -$n server.pem || exit 1; done`,
    );
    expect(code, stdout).to.equal(0);
    const leaf = new X509Certificate(readFileSync(join(dir, 'server.pem')));
    expect((Date.parse(leaf.validTo) - Date.parse(leaf.validFrom)) / 86_400_000).to.equal(825);
    expect(readFileSync(join(dir, 'chain.pem'), 'utf8')).to.equal(readFileSync(join(dir, 'server.pem'), 'utf8') + ca.certificate);
    expect(readdirSync(dir).sort()).to.deep.equal(['ca.pem', 'chain.pem', 'server.key', 'server.pem']);
    expect(statSync(join(dir, 'server.key')).mode & 0o777).to.equal(0o640);
    expect(readdirSync('/run').filter((name) => name.startsWith('provision-certificate'))).to.deep.equal([]);
  });

  it('is issued anew for other names, another authority, another key, damage, and before it expires', async () => {
    await applyLocally(wanted({ days: 31, renewBeforeDays: 20 }));
    const why = async (more: Parameters<typeof wanted>[0]) => (await applyLocally(wanted(more)))[0]?.summary;
    expect(await why({ days: 825 })).to.equal(undefined);
    expect(await why({ renewBeforeDays: 32 })).to.match(/^issue for web-01: it expires on 20/);
    expect(await why({ sans: ['web-01'] })).to.contain('it is for *.example.org, 10.0.0.11, fd00::11, web-01');
    expect(await why({ sans: ['web-01'], commonName: 'web-02' })).to.contain('its subject is web-01');
    const foreign = { sans: ['web-01'], commonName: 'web-02', caCertificate: other.certificate, caKey: new Secret(other.key) };
    expect(await why(foreign)).to.contain('another authority signed it');
    copyFileSync(join(dir, 'server.key'), join(dir, 'old.key'));
    execFileSync('openssl', ['genpkey', '-algorithm', 'ED25519', '-out', join(dir, 'server.key')], { stdio: 'ignore' });
    expect(await why(foreign)).to.contain('its key is not there');
    writeFileSync(join(dir, 'server.pem'), 'damage');
    expect(await why(foreign)).to.contain('what is there is no certificate');
  });

  it('writes what goes with it without a new certificate, and mends owner and mode', async () => {
    await applyLocally(wanted());
    const before = readFileSync(join(dir, 'server.pem'), 'utf8');
    rmSync(join(dir, 'ca.pem'));
    writeFileSync(join(dir, 'chain.pem'), '');
    chmodSync(join(dir, 'server.key'), 0o644);
    const [files] = await applyLocally(wanted());
    expect(files?.summary).to.equal("write the authority's certificate, write the chain");
    chmodSync(join(dir, 'server.key'), 0o644);
    const [mode] = await applyLocally(wanted());
    expect(mode?.summary).to.equal(`${join(dir, 'server.key')}: mode 0644 → 0640`);
    expect(readFileSync(join(dir, 'server.pem'), 'utf8')).to.equal(before);
  });

  it('never outlives its authority', async () => {
    await applyLocally(wanted({ caCertificate: other.certificate, caKey: new Secret(other.key) }));
    const leaf = new X509Certificate(readFileSync(join(dir, 'server.pem')));
    expect(Date.parse(leaf.validTo)).to.be.at.most(Date.parse(new X509Certificate(other.certificate).validTo));
    const short = wanted({ caCertificate: other.certificate, caKey: new Secret(other.key), renewBeforeDays: 120 });
    expect(await planLocally(short).catch((e: unknown) => e)).to.be.instanceOf(PlanError);
  });

  it('shows no key, and predicts what will be there on a bare host', async () => {
    const [change] = await planOn(wanted(), { certificate: bare });
    expect(JSON.stringify(change)).not.to.contain('PRIVATE KEY');
    const [step] = change?.steps ?? [];
    const script = step?.kind === 'shell' ? step.script : '';
    expect(script).to.be.instanceOf(Secret);
    expect(reveal(script)).to.contain(ca.key);
    expect(await planAfter(wanted(), { certificate: bare })).to.deep.equal([]);
    const there: CertificateFile = { type: 'file', mode: '0600', owner: 'root', group: 'root' };
    expect(await planAfter(wanted(), { certificate: { ...bare, key: there } })).to.deep.equal([]);
  });

  it('reads a host without openssl', async () => {
    await applyLocally(wanted());
    const params = { path: join(dir, 'server.pem'), keyPath: join(dir, 'server.key'), authority: ca.certificate };
    const [query] = certificateState(params).fact.queries([params]);
    // Only openssl is missing.
    const result = runLocally(`openssl() { return 127; }; command() { false; }\n${query?.query.script ?? ''}`);
    expect(query?.query.parse(result)[0])
      .to.deep.include({ openssl: false })
      .and.nested.include({ 'content.keyMatches': undefined });
  });

  it('refuses what is no authority, keys that are not its own, and options that make no sense', async () => {
    const fault = async (more: Parameters<typeof wanted>[0]) => {
      const error: unknown = await wanted(more)
        .prepare(nowhere)
        .catch((e: unknown) => e);
      expect(error).to.be.instanceOf(InputError);
      return String(error);
    };
    expect(await fault({ caKey: new Secret(other.key) })).to.contain('caKey is not the key of caCertificate (CN=Test authority)');
    expect(await fault({ caKey: new Secret('nonsense') })).to.contain('cannot be read as a private key');
    expect(await fault({ caCertificate: '-----BEGIN CERTIFICATE-----\n' })).to.contain('cannot be read as a certificate');
    await applyLocally(wanted());
    expect(await fault({ caCertificate: readFileSync(join(dir, 'server.pem'), 'utf8') })).to.contain('is no authority');
    expect(() => wanted({ days: 30 })).to.throw(InputError, 'renewBeforeDays');
    expect(() => wanted({ keyPath: join(dir, 'server.pem') })).to.throw(InputError, 'another path');
    expect(() => wanted({ sans: ['a b'] })).to.throw(InputError, 'expected a host name');
    expect(() => wanted({ commonName: 'My service', sans: undefined as never })).to.throw(
      InputError,
      'where the subject is none',
    );
  });
});
