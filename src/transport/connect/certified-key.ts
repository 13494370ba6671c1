import type { Duplex } from 'node:stream';
import { certificateFault, CERTIFICATE_SUFFIX, parseCertificate } from './certificate.js';
import type { Clock } from './clock.js';
import { denied, messageOf } from './failure.js';
import { fetchCertificate, NoBanner } from './fetch-certificate.js';
import { fingerprint, keyType } from './fingerprint.js';
import { HandshakeFailed } from './handshake-failed.js';
import type { KnownHost } from './known-hosts.js';
import type { Settings } from './settings.js';

/** What a host's certificate came to. */
export type Certified =
  /** A trusted authority says that this key is the host's. */
  | { readonly key: Buffer }
  /** No certificate of a trusted authority: the plain key decides. */
  | { readonly missing: string };

/** Proven keys by host name, authorities and revocations, so that a reconnect need not ask again in this process. */
const proven = new Map<string, Buffer>();

/**
 * Has a host show its certificate, where known_hosts names an authority for it (@cert-authority).
 * HandshakeFailed where it does not speak SSH; DeniedError for a certificate of that authority that does not hold (expired, for another host, revoked).
 */
export async function certifiedKey(
  settings: Settings,
  known: KnownHost,
  dial: () => Promise<Duplex>,
  clock: Clock,
): Promise<Certified | undefined> {
  if (known.authorities.length === 0) return undefined;
  const cacheKey = JSON.stringify([
    known.name,
    [...known.authorities, ...known.revoked].map((line) => [line.marker, fingerprint(line.key)]),
  ]);
  const cached = proven.get(cacheKey);
  if (cached !== undefined) return { key: cached };
  const stream = await dial();
  const unwatch = clock.onExpired(() => stream.destroy());
  const data = await fetchCertificate(stream)
    .catch((error: unknown) => {
      throw new HandshakeFailed('banner', [], error instanceof NoBanner ? error.greeting : undefined, error, clock.expired());
    })
    .finally(unwatch);
  if (data === undefined || !keyType(data).endsWith(CERTIFICATE_SUFFIX)) return { missing: 'it shows no certificate' };
  const result = judgeCertificate(settings, known, data);
  if ('key' in result) proven.set(cacheKey, result.key);
  return result;
}

function judgeCertificate(settings: Settings, known: KnownHost, data: Buffer): Certified {
  const certificate = readable(settings, () => parseCertificate(data));
  const authority = known.authorities.find((line) => line.key.equals(certificate.authority));
  const by = `${keyType(certificate.authority)} ${fingerprint(certificate.authority)}`;
  if (authority === undefined) return { missing: `its certificate is signed by another authority (${by})` };
  const name = (settings.hostKeyAlias ?? settings.host).toLowerCase();
  const revoked = known.revoked.find((line) => line.key.equals(certificate.authority) || line.key.equals(certificate.key));
  const fault =
    revoked === undefined
      ? readable(settings, () => certificateFault(certificate, name, Math.floor(Date.now() / 1000)))
      : `it is revoked by ${revoked.file}:${revoked.line}`;
  if (fault === undefined) return { key: certificate.key };
  throw denied(
    settings,
    `its host certificate "${certificate.keyId}" does not hold: ${fault} (authority ${by}, ${authority.file}:${authority.line})`,
    'have the authority sign the host key again (ssh-keygen -s … -h -n NAME), for the name that you connect to, or set HostKeyAlias in ssh_config',
  );
}

function readable<T>(settings: Settings, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw denied(settings, `its host certificate cannot be read: ${messageOf(error)}`, undefined, error);
  }
}
