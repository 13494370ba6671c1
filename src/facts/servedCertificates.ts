import { X509Certificate } from 'node:crypto';
import { defineFact, type Read } from '../model/fact.js';
import { haproxyFunction, HAPROXY_SOCKET } from './haproxy.js';

/** A certificate that a host shows to others. */
export interface ServedCertificate {
  /** Its file's path. */
  readonly path: string;
  /** Whom it is for: `www.foobar.com`. */
  readonly name: string;
  /** Until when it is valid, in milliseconds since 1970. */
  readonly notAfter: number;
}

const MARK = '=== database';
/** Where the role mysql puts the database server's. */
const DATABASE = '/etc/mysql/tls/server.pem';

const fact = defineFact<null, readonly ServedCertificate[]>({
  name: 'servedCertificates',
  live: true,
  essence: () => '',
  key: () => '',
  topics: () => ['haproxyCertificate:*', 'unit:haproxy.service', `path:${DATABASE}`],
  // HAProxy tells which ones it has loaded: a file may be newer than the process.
  command: () => `${haproxyFunction(HAPROXY_SOCKET)}
if [ -S ${HAPROXY_SOCKET} ]; then
  haproxy_command 'show ssl cert' | grep '^/' | while IFS= read -r file; do haproxy_command "show ssl cert $file"; done
fi
echo '${MARK}'
cat ${DATABASE} 2>/dev/null || :`,
  parse: ({ stdout }) => {
    const [haproxy = '', database = ''] = stdout.split(`${MARK}\n`);
    return [...haproxy.split(/^(?=Filename: )/m).flatMap(fromHaproxy), ...fromPem(database)];
  },
});

/** The certificates that HAProxy and the database server of the task's own host show to others; none without them. */
export const servedCertificates: Read<readonly ServedCertificate[]> = fact(null);

function fromHaproxy(text: string): readonly ServedCertificate[] {
  const line = (key: string) => new RegExp(`^${key}: (.*)$`, 'm').exec(text)?.[1]?.trim();
  const [path, until, subject = ''] = [line('Filename'), line('notAfter'), line('Subject')];
  const notAfter = Date.parse(until ?? '');
  if (path === undefined || Number.isNaN(notAfter)) return [];
  return [{ path, name: /CN ?= ?([^/,]+)/.exec(subject)?.[1]?.trim() ?? '', notAfter }];
}

function fromPem(text: string): readonly ServedCertificate[] {
  if (!text.includes('-----BEGIN CERTIFICATE-----')) return [];
  const certificate = new X509Certificate(text);
  const name = /^CN=(.*)$/m.exec(certificate.subject)?.[1] ?? '';
  return [{ path: DATABASE, name, notAfter: Date.parse(certificate.validTo) }];
}
