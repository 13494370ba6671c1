import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate that has signed itself, and its key: both in PEM. */
export interface SelfSigned {
  readonly certificate: string;
  readonly key: string;
  /** SHA-1, in hex with colons. */
  readonly fingerprint: string;
}

/** Makes one for a host name, valid for two days. */
export function selfSigned(name: string): SelfSigned {
  const folder = mkdtempSync(join(tmpdir(), 'self-signed-'));
  const [key, out] = [join(folder, 'key'), join(folder, 'certificate')];
  try {
    const how = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    const what = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`];
    execFileSync('openssl', ['req', '-x509', ...how, ...what, '-keyout', key, '-out', out], { stdio: 'pipe' });
    const certificate = readFileSync(out, 'utf8');
    return { certificate, key: readFileSync(key, 'utf8'), fingerprint: new X509Certificate(certificate).fingerprint };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
