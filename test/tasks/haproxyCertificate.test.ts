import { expect } from 'chai';
import { X509Certificate } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileState } from '../../src/facts/file.js';
import { haproxyCertificateServed, type HaproxyCertificate } from '../../src/facts/haproxyCertificate.js';
import { NotYetKnown } from '../../src/model/change.js';
import { InputError, PlanError } from '../../src/model/errors.js';
import { haproxyAnswers } from '../../src/tasks/haproxy/answers.js';
import { haproxyCertificate } from '../../src/tasks/haproxyCertificate.js';
import { applyLocally, needsRoot, planLocally } from '../support/apply.js';
import { usePrivateTlsHaproxy } from '../support/haproxyTls.js';
import { planAfter, planOn } from '../support/plan.js';
import { askLocally } from '../support/shell.js';
import { selfSigned } from '../support/selfSigned.js';

const PATH = '/etc/haproxy/tls/site.pem';
const task = haproxyCertificate({ path: PATH });

describe('tasks/haproxyCertificate', () => {
  const [old, fresh] = [selfSigned('www.example.org'), selfSigned('www.example.org')];
  const fileOf = (content: string): FileState => ({ type: 'file', mode: '0600', owner: 'root', group: 'root', size: 1, content });
  const serving = (pem: string, chainLength = 0): HaproxyCertificate => ({
    state: 'running',
    served: { fingerprint: new X509Certificate(pem).fingerprint.replaceAll(':', ''), chainLength },
  });

  it('plans nothing where the file is served, or will have been loaded with the process', async () => {
    const file = fileOf(old.certificate);
    expect(await planOn(task, { file, haproxyCertificate: serving(old.certificate) })).to.deep.equal([]);
    const [prediction] = haproxyAnswers().reload ?? [];
    expect(await planOn(task, { file: fileOf(''), haproxyCertificate: prediction?.value })).to.deep.equal([]);
  });

  it('loads another certificate or another chain, and predicts it', async () => {
    for (const content of [fresh.certificate, old.certificate + fresh.certificate]) {
      const values = { file: fileOf(content), haproxyCertificate: serving(old.certificate) };
      const [change] = await planOn(task, values);
      expect(change).to.deep.include({
        summary: 'load it without a reload',
        live: true,
        touches: ['haproxy:certificates'],
      });
      expect(await planAfter(task, values)).to.deep.equal([]);
    }
  });

  it('loads what an earlier task issues anew, and waits for what it may leave as it is', async () => {
    const open = { ...fileOf(''), content: undefined, contentFrom: `certificate ${PATH}` };
    const haproxyCertificateNow = serving(old.certificate);
    const values = { file: { ...open, anew: true }, haproxyCertificate: haproxyCertificateNow };
    expect(await planOn(task, values)).to.have.length(1);
    const error = await planOn(task, { file: open, haproxyCertificate: haproxyCertificateNow }).catch(
      (caught: unknown) => caught,
    );
    expect(error).to.be.instanceOf(NotYetKnown).with.property('changes').with.length(1);
  });

  it('says what is not as it must be', async () => {
    const running = serving(old.certificate);
    for (const [file, haproxyCertificateNow, message] of [
      [fileOf(old.certificate), { state: 'stopped', message: 'refused' }, /does not answer: refused/],
      [fileOf(old.certificate), { state: 'running', served: undefined }, /serves no certificate/],
      [fileOf(old.certificate + old.key), running, /has a private key in it/],
      [fileOf('damage'), running, /holds no certificate/],
      [{ ...fileOf(''), type: 'absent' }, running, /is no file/],
    ] as const) {
      const error = await planOn(task, { file, haproxyCertificate: haproxyCertificateNow }).catch((caught: unknown) => caught);
      expect(error).to.be.instanceOf(PlanError).with.property('message').that.matches(message);
    }
    expect(() => haproxyCertificate({ path: '/etc/my certificate.pem' })).to.throw(InputError, 'without spaces');
  });

  describe('on a real HAProxy', () => {
    before(needsRoot);
    const haproxy = usePrivateTlsHaproxy(old);
    let dir: string;
    beforeEach(() => {
      dir = mkdtempSync(join(tmpdir(), 'before-'));
      for (const name of ['site.pem', 'site.pem.key']) copyFileSync(join(haproxy.folder, name), join(dir, name));
    });
    afterEach(() => {
      for (const name of ['site.pem', 'site.pem.key']) copyFileSync(join(dir, name), join(haproxy.folder, name));
      rmSync(dir, { recursive: true });
    });
    const own = () => haproxyCertificate({ path: haproxy.path, socket: haproxy.socket });

    it('serves the new certificate with the same process, and is then content', async () => {
      expect(await planLocally(own())).to.deep.equal([]);
      expect(await haproxy.servedCertificate()).to.equal(old.fingerprint);
      // An empty line would end what HAProxy takes.
      writeFileSync(haproxy.path, `${fresh.certificate}\n\n${old.certificate}\n`);
      writeFileSync(`${haproxy.path}.key`, `\n${fresh.key}`);
      expect(await applyLocally(own())).to.have.length(1);
      expect(await haproxy.servedCertificate()).to.equal(fresh.fingerprint);
      const [state] = askLocally(haproxyCertificateServed({ path: haproxy.path, socket: haproxy.socket }));
      expect(state).to.have.nested.property('served.chainLength', 1);
      expect(await planLocally(own())).to.deep.equal([]);
    });

    it('refuses a certificate with another key, and goes on serving', async () => {
      const serving = await haproxy.servedCertificate();
      writeFileSync(haproxy.path, selfSigned('www.example.org').certificate);
      const error = await applyLocally(own()).catch((caught: unknown) => caught);
      expect(error)
        .to.be.instanceOf(Error)
        .with.property('message')
        .that.matches(/HAProxy refuses the certificate .*inconsistencies/s);
      expect(await haproxy.servedCertificate()).to.equal(serving);
      rmSync(`${haproxy.path}.key`);
      const missing = await applyLocally(own()).catch((caught: unknown) => caught);
      expect(missing).to.have.property('message').that.contains(`there is no ${haproxy.path}.key`);
      expect(readFileSync(haproxy.path, 'utf8')).to.contain('BEGIN CERTIFICATE');
    });
  });
});
