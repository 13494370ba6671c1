import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const openssl = (...args: string[]): Promise<unknown> => run('openssl', args);

/** Paths of PEM files. */
export interface Certificates {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  /** Another authority, which signed nothing here. */
  readonly otherCa: string;
}

/** Makes an authority, a certificate for the name `localhost`, and an authority of somebody else. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const at = (name: string): string => join(folder, name);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const authority = (name: string): Promise<unknown> =>
    openssl(
      'req',
      '-x509',
      ...key,
      '-keyout',
      at(`${name}.key`),
      '-out',
      at(`${name}.pem`),
      '-subj',
      `/CN=${name}`,
      '-days',
      '2',
    );
  await Promise.all([authority('ca'), authority('other')]);
  await openssl('req', ...key, '-keyout', at('server.key'), '-out', at('server.csr'), '-subj', '/CN=database');
  await writeFile(at('server.ext'), 'subjectAltName=DNS:localhost\n');
  await openssl(
    ...['x509', '-req', '-in', at('server.csr'), '-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial'],
    ...['-extfile', at('server.ext'), '-out', at('server.pem'), '-days', '2'],
  );
  return { ca: at('ca.pem'), cert: at('server.pem'), key: at('server.key'), otherCa: at('other.pem') };
}
