import { expect } from 'chai';
import { keepalivedVars } from '../../playbooks/roles/keepalivedVars.js';
import { tls } from '../../playbooks/roles/tls.js';
import { tlsVars } from '../../playbooks/roles/tlsVars.js';
import { prepareEnvironment } from '../../src/engine/environment.js';
import { flatten } from '../../src/model/playbook.js';
import { certificate } from '../../src/tasks/certificate.js';
import { packageRoot } from '../../src/util/packageRoot.js';
import { Secret } from '../../src/util/secret.js';
import { selfSigned } from '../support/selfSigned.js';

describe('playbooks/roles/tls', () => {
  const authority = selfSigned('authority');
  const [ca_certificate, caKey] = [authority.certificate, new Secret(authority.key)];
  const keys = { ca_certificate, ca_key: caKey };

  /** Whether lb-01's certificate is for these names and addresses, and no others. */
  async function isFor(vars: Record<string, unknown>, sans: readonly string[]): Promise<boolean> {
    const all = { ...tlsVars.parse({ ...keys, ...vars }), ...keepalivedVars.parse(vars) };
    const [host, other] = ['11', '12'].map((end) => {
      return { name: `lb-${end}`, address: `192.0.2.${end}`, groups: ['all', 'lb'], vars: all };
    });
    if (host === undefined || other === undefined) throw new Error('no load balancers');
    const made = flatten(tls({ host, hosts: () => [host, other] })).find(({ kind }) => kind === 'certificate');
    const wanted = certificate({
      path: '/etc/haproxy/tls/site.pem',
      keyPath: '/etc/haproxy/tls/site.pem.key',
      caCertificate: authority.certificate,
      caKey,
      commonName: 'www.foobar.com',
      sans: [...sans],
      days: 397,
      mode: '0600',
      keyMode: '0600',
    });
    const environment = prepareEnvironment(`${packageRoot()}/playbooks/site.ts`);
    const [a, b] = await Promise.all([made?.prepare(environment), wanted.prepare(environment)]);
    expect(a).to.not.equal(undefined);
    return a?.digest() === b.digest();
  }

  it("is for the site's names and the load balancer's own address", async () => {
    expect(await isFor({}, ['www.foobar.com', '192.0.2.11'])).to.equal(true);
  });

  it('is for every virtual address too, whichever the load balancer holds at first', async () => {
    const one = { virtual_address: '192.0.2.100' };
    expect(await isFor(one, ['www.foobar.com', '192.0.2.11', '192.0.2.100'])).to.equal(true);
    expect(await isFor(one, ['www.foobar.com', '192.0.2.11'])).to.equal(false);
    const two = { ...one, virtual_address_second: '192.0.2.101', keepalived_mode: 'active-active' };
    expect(await isFor(two, ['www.foobar.com', '192.0.2.11', '192.0.2.100', '192.0.2.101'])).to.equal(true);
  });
});
