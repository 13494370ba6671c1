import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { InputError } from '../model/errors.js';

/** A certificate authority of one's own: both in PEM. The key is a secret. */
export interface CertificateAuthority {
  readonly key: string;
  readonly certificate: string;
}

const run = promisify(execFile);

/**
 * Makes an authority (EC P-256, self-signed, for no further authorities below it), valid for `days`. It needs the
 * program `openssl` on the controller; the key stands for a moment in a private folder of the temporary files.
 * Throws InputError where openssl is missing or refuses.
 */
export async function createCa(commonName: string, days: number): Promise<CertificateAuthority> {
  if (!/^[A-Za-z0-9*._ -]{1,64}$/.test(commonName)) {
    throw new InputError(`"${commonName}" cannot name an authority`, {
      hint: 'letters, digits, dots, dashes and spaces; at most 64',
    });
  }
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const folder = await mkdtemp(join(tmpdir(), 'provision-ca-'));
  const [keyFile, config, out] = ['key', 'config', 'certificate'].map((name) => join(folder, name)) as [string, string, string];
  try {
    await writeFile(keyFile, key, { mode: 0o600 });
    await writeFile(config, configText(commonName));
    await run('openssl', [
      'req',
      '-x509',
      '-new',
      '-sha256',
      '-key',
      keyFile,
      '-config',
      config,
      '-days',
      String(days),
      '-out',
      out,
    ]);
    return { key, certificate: await readFile(out, 'utf8') };
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
      throw new InputError('the program openssl is not on this machine', { cause, hint: 'install the package openssl' });
    }
    throw new InputError('openssl could not make an authority', { cause });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function configText(commonName: string): string {
  return `[req]
distinguished_name = dn
x509_extensions = ext
prompt = no
[dn]
CN = ${commonName}
[ext]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
`;
}
