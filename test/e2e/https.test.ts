import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificates } from '../app/support/certificates.js';
import type { Rig } from '../rig/rig.js';
import { bareRig } from '../rig/sharedRig.js';
import { ask, siteOf, type Site } from '../rig/siteClient.js';
import { selfSigned } from '../support/selfSigned.js';
import { shakeHands } from './support/http.js';
import { faultsOf, provision, tasksThat } from './support/provision.js';
import { until } from './support/until.js';

/** Where a certificate comes from, and how it is replaced, on a load balancer without anybody behind it. */
describe('the sources of the certificate', function () {
  this.timeout(300_000);
  let rig: Rig;
  let site: Site;
  let folder: string;
  before('start bare hosts', async function () {
    this.timeout(0);
    rig = await bareRig('mariadb');
    site = siteOf(rig);
    folder = mkdtempSync(join(tmpdir(), 'https-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  async function root(command: string, input?: string): Promise<string> {
    const result = await rig.ssh('lb-01', command, { root: true, ...(input === undefined ? {} : { input }) });
    expect(result.code, `${command}: ${result.stderr}`).to.equal(0);
    return result.stdout.trim();
  }
  const run = (vars: object, ...args: string[]) =>
    provision(rig, '--limit', 'lb', '--tags', 'haproxy', '--extra-vars', JSON.stringify(vars), ...args);
  /** Runs, and proves by a second run and a dry run that nothing is left to do. */
  async function converged(vars: object): Promise<readonly string[]> {
    const result = await run(vars);
    expect(result.code, faultsOf(result)).to.equal(0);
    for (const args of [[], ['--check']]) {
      const again = await run(vars, ...args);
      expect(tasksThat(again, 'changed', 'unknown', 'failed'), again.stderr).to.deep.equal([]);
    }
    return tasksThat(result, 'changed');
  }
  const processes = () => root('pidof haproxy; systemctl show -P StateChangeTimestampMonotonic haproxy');

  it('serves in plain text where that is asked for', async () => {
    await converged({ tls_certificate: 'none' });
    expect(await ask(site, '/', { scheme: 'http' })).to.have.property('status', 503);
    await root('! ss -Hltn | grep ":443 "');
  });

  it('takes a given certificate, and a later one without a reload', async () => {
    const certificates = [selfSigned(site.name), selfSigned(site.name)];
    const seen: string[] = [];
    for (const [index, { certificate, key }] of certificates.entries()) {
      const before = await processes();
      const changed = await converged({ tls_certificate: 'given', tls_chain: certificate, tls_key: key });
      const [own] = [{ ...site, authority: certificate }];
      expect(await ask(own, '/')).to.have.property('status', 503);
      seen.push((await shakeHands(own)).serial);
      expect((await processes()) === before, 'the same processes').to.equal(index > 0);
      if (index > 0) {
        expect(changed).to.deep.equal([
          'lb-01: configFiles site certificate',
          'lb-01: haproxyCertificate /etc/haproxy/tls/site.pem',
        ]);
      }
      expect(await root('stat -c "%a %U" /etc/haproxy/tls/site.pem.key')).to.equal('600 root');
    }
    expect(new Set(seen).size).to.equal(2);
  });

  it('refuses a key of another certificate before it connects', async () => {
    const [one, other] = [selfSigned(site.name), selfSigned(site.name)];
    const result = await run({ tls_certificate: 'given', tls_chain: one.certificate, tls_key: other.key });
    expect(result.code).to.equal(4);
    expect(result.stderr + result.stdout).to.contain('"tls_key" is not the key of "tls_chain"');
    expect(result.stderr + result.stdout).to.not.contain(other.key.split('\n')[1]);
  });

  describe('by ACME, from a server of the test', () => {
    let acme: object;
    before('start the authority', async () => {
      const { ca, cert, key } = await makeCertificates(folder);
      await root('apt-get update -qq >/dev/null 2>&1; apt-get install -y -qq pebble curl >/dev/null 2>&1');
      await root(`echo '${site.address} ${site.name}' >>/etc/hosts`);
      await root('mkdir -p /run/pebble; cat >/run/pebble/cert.pem', readFileSync(cert, 'utf8'));
      await root('cat >/run/pebble/key.pem', readFileSync(key, 'utf8'));
      await root('cat >/run/pebble/config.json', JSON.stringify(PEBBLE));
      await root(
        'systemd-run -q -u pebble -E PEBBLE_VA_NOSLEEP=1 -E PEBBLE_WFE_NONCEREJECT=0 pebble -config /run/pebble/config.json',
      );
      await until(() => root('curl -sfk https://localhost:14000/dir'));
      const authority = readFileSync(ca, 'utf8');
      acme = { tls_certificate: 'acme', acme_server: 'https://localhost:14000/dir', acme_ca_certificate: authority };
    });
    const issuer = async () => ({ ...site, authority: await root('curl -sfk https://localhost:15000/roots/0') });

    it('orders a certificate through HAProxy', async () => {
      const changed = await converged(acme);
      expect(changed).to.include(`lb-01: command order the certificate for ${site.name}`);
      const { names } = await shakeHands(await issuer());
      expect(names).to.equal(`DNS:${site.name}`);
      expect(await ask(site, '/x', { scheme: 'http' })).to.have.property('status', 301);
      expect(await root('systemctl is-enabled certbot.timer')).to.equal('enabled');
      expect(await root('ss -Hltn | grep -c ":8402 " || :')).to.equal('0');
    });

    it('renews it on the host without a reload; the next run has nothing to do', async () => {
      const [before, old] = [await processes(), await shakeHands(await issuer())];
      // What certbot.service runs, but now.
      await root('systemctl cat certbot.service | grep -q "certbot -q renew"');
      await root('REQUESTS_CA_BUNDLE=/etc/haproxy/tls/acme-ca.pem certbot -q renew --force-renewal --no-random-sleep-on-renew');
      const fresh = await shakeHands(await issuer());
      expect(fresh.serial).to.not.equal(old.serial);
      expect(await processes()).to.equal(before);
      const again = await run(acme);
      expect(tasksThat(again, 'changed', 'failed')).to.deep.equal([]);
    });

    it('orders anew for other names, and goes back to the own authority', async () => {
      await root(`echo '${site.address} foobar.com' >>/etc/hosts`);
      await converged({ ...acme, tls_names: [site.name, 'foobar.com'] });
      expect((await shakeHands(await issuer())).names).to.contain('DNS:foobar.com');
      await converged({});
      expect((await shakeHands(site)).names).to.contain(site.name);
      // What certbot runs after a renewal leaves it alone from now on.
      const { serial } = await shakeHands(site);
      await root(`RENEWED_LINEAGE=/etc/letsencrypt/live/${site.name} /etc/letsencrypt/renewal-hooks/deploy/haproxy`);
      await root('systemctl reload haproxy');
      expect((await shakeHands(site)).serial).to.equal(serial);
    });
  });
});

const PEBBLE = {
  pebble: {
    listenAddress: '127.0.0.1:14000',
    managementListenAddress: '127.0.0.1:15000',
    certificate: '/run/pebble/cert.pem',
    privateKey: '/run/pebble/key.pem',
    httpPort: 80,
    tlsPort: 443,
    ocspResponderURL: '',
    externalAccountBindingRequired: false,
  },
};
