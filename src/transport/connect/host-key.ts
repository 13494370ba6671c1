import { quote } from '../../util/shell.js';
import { denied, type DeniedError } from './failure.js';
import type { Certified } from './certified-key.js';
import { fingerprint, keyType } from './fingerprint.js';
import { judge, type KnownHost } from './known-hosts.js';
import type { KnownHostsLine } from './known-hosts-line.js';
import type { Settings } from './settings.js';

/** What comes of a host's key: go on, go on and note it down, or refuse. */
export type KeyDecision = 'accept' | 'accept-and-remember' | DeniedError;

/** Decides about the key that a host shows, with what its certificate came to, where an authority is known for it. */
export function decideOnKey(settings: Settings, known: KnownHost, certified: Certified | undefined, key: Buffer): KeyDecision {
  if (certified !== undefined && 'key' in certified && certified.key.equals(key)) return 'accept';
  const offered = `${keyType(key)} ${fingerprint(key)}`;
  const verdict = judge(known, key);
  switch (verdict.kind) {
    case 'known':
      return 'accept';
    case 'revoked':
      return denied(
        settings,
        `its host key is revoked (${offered}, by ${at(verdict.line)})`,
        'whoever answers there holds a key that must not be trusted any more: find out why before connecting again',
      );
    case 'changed':
      return denied(
        settings,
        `its host key has CHANGED: known is ${verdict.known.map(describe).join(', ')}; offered is ${offered}`,
        'someone may be intercepting the connection, or the host was installed anew; when you have checked the fingerprint on the host itself ' +
          `(ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), forget the old key: ${forget(verdict.known, known.name)}`,
      );
    case 'unknown':
      if (settings.acceptNewHostKeys) return 'accept-and-remember';
      return denied(
        settings,
        `its host key is not known: ${offered}${noCertificate(known, certified)}`,
        'compare the fingerprint with the one on the host (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub) and add the key to ' +
          `${settings.userKnownHostsFiles[0] ?? 'known_hosts'}, or run again with --accept-new-host-keys`,
      );
  }
}

function noCertificate(known: KnownHost, certified: Certified | undefined): string {
  if (certified === undefined || 'key' in certified) return '';
  return `; a certificate authority is known for it (${known.authorities.map(at).join(', ')}), but ${certified.missing}`;
}

function describe(line: KnownHostsLine): string {
  return `${line.type} ${fingerprint(line.key)} (${at(line)})`;
}

function at(line: KnownHostsLine): string {
  return `${line.file}:${line.line}`;
}

function forget(lines: readonly KnownHostsLine[], name: string): string {
  const files = [...new Set(lines.map((line) => line.file))];
  return files.map((file) => `ssh-keygen -f ${quote(file)} -R ${quote(name)}`).join('; ');
}
