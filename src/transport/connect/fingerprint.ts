import { createHash } from 'node:crypto';
import { WireReader } from './wire.js';

/** A key's fingerprint as OpenSSH shows it: `SHA256:…`. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The type that an encoded public key names in its first field, as in `ssh-ed25519`; `unknown` where it has none. */
export function keyType(key: Buffer): string {
  try {
    return new WireReader(key).text();
  } catch {
    return 'unknown';
  }
}
