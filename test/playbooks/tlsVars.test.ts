import { expect } from 'chai';
import { checkTls, namesOf, tlsVars } from '../../playbooks/roles/tlsVars.js';
import { selfSigned } from '../support/selfSigned.js';

describe('playbooks/roles/tlsVars', () => {
  const site = selfSigned('www.foobar.com');
  const messages = (vars: Record<string, unknown>, now?: number) =>
    checkTls([{ name: 'lb-01', groups: ['lb'], address: '192.0.2.1', vars: tlsVars.parse(vars) }], now).map(
      ({ message }) => message,
    );

  it('takes the domain where no names are given', () => {
    expect(namesOf(tlsVars.parse({}))).to.deep.equal(['www.foobar.com']);
    expect(namesOf(tlsVars.parse({ tls_names: ['a.example', '*.a.example'] }))).to.deep.equal(['a.example', '*.a.example']);
  });

  it('says which variables a source of the certificate needs', () => {
    expect(messages({})).to.deep.equal([
      '"ca_certificate" and "ca_key": they are missing, and "tls_certificate" is "own-authority"',
    ]);
    expect(messages({ tls_certificate: 'given', tls_chain: site.certificate })).to.deep.equal([
      '"tls_key": it is missing, and "tls_certificate" is "given"',
    ]);
    for (const source of ['none', 'acme']) expect(messages({ tls_certificate: source })).to.deep.equal([]);
  });

  it('takes a given certificate with its key, for all names and not expired', () => {
    const given = { tls_certificate: 'given', tls_chain: site.certificate, tls_key: site.key };
    expect(messages(given)).to.deep.equal([]);
    expect(messages({ ...given, tls_key: selfSigned('x').key })).to.deep.equal(['"tls_key" is not the key of "tls_chain"']);
    expect(messages({ ...given, tls_key: 'no key' })[0]).to.contain('cannot be read as a private key');
    expect(messages({ ...given, tls_names: ['www.foobar.com', 'foobar.com'] })[0]).to.equal(
      '"tls_chain": it is not for foobar.com, but for DNS:www.foobar.com',
    );
    expect(messages({ ...given, tls_chain: '-----BEGIN CERTIFICATE-----\nx' })[0]).to.contain('cannot be read as a certificate');
    const wild = selfSigned('*.foobar.com');
    const wildcard = { ...given, tls_chain: wild.certificate, tls_key: wild.key };
    expect(messages({ ...wildcard, tls_names: ['*.foobar.com', 'www.foobar.com'] })).to.deep.equal([]);
    expect(messages(given, Date.now() + 3 * 86_400_000)[0]).to.contain('it has expired on');
  });
});
