import { expect } from 'chai';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { InputError } from '../../src/model/errors.js';
import { createCa } from '../../src/vault/ca.js';

describe('vault/ca', () => {
  it('makes an authority that may sign certificates, with its own key', async () => {
    const { key, certificate } = await createCa('Foobar authority', 10);
    const parsed = new X509Certificate(certificate);
    expect(parsed.ca).to.equal(true);
    expect(parsed.subject).to.equal('CN=Foobar authority');
    expect(parsed.checkPrivateKey(createPrivateKey(key))).to.equal(true);
    expect(parsed.verify(parsed.publicKey)).to.equal(true);
    expect((Date.parse(parsed.validTo) - Date.parse(parsed.validFrom)) / 86_400_000).to.equal(10);
  });

  it('refuses a name that would be more than a name', async () => {
    expect(await createCa('a\n[x]', 1).catch((error: unknown) => error)).to.be.instanceOf(InputError);
  });
});
