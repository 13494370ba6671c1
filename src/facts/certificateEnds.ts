import { defineFact, type Read } from '../model/fact.js';

/** A certificate that a service of the host shows, and how long it is valid. */
export interface CertificateEnd {
  readonly path: string;
  /** In seconds, from the host's own clock on; negative where it has ended. */
  readonly secondsLeft: number;
}

/** Where the services of a site keep what they show. */
const FOLDERS = '/etc/haproxy /etc/mysql/tls /etc/nginx /etc/letsencrypt/live';

const certificateEndsFact = defineFact<null, readonly CertificateEnd[]>({
  name: 'certificateEnds',
  live: true,
  key: () => '',
  command: () => `now=$(date +%s)
find ${FOLDERS} -name '*.pem' -o -name '*.crt' 2>/dev/null | while IFS= read -r f; do
end=$(openssl x509 -noout -enddate -in "$f" 2>/dev/null) || continue
printf '%s %s\\n' "$(($(date -d "\${end#*=}" +%s) - now))" "$f"
done`,
  parse: ({ stdout }) =>
    stdout.split('\n').flatMap((line) => {
      const match = /^(-?\d+) (.+)$/.exec(line);
      return match === null ? [] : [{ path: match[2] ?? '', secondsLeft: Number(match[1]) }];
    }),
});

/** The certificates in the folders of HAProxy, Nginx, the database and certbot. */
export const certificateEnds: Read<readonly CertificateEnd[]> = certificateEndsFact(null);
