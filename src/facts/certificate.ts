import { createPublicKey, X509Certificate } from 'node:crypto';
import { defineBatchFact, type FactReader } from '../model/fact.js';
import { fromBase64 } from '../util/base64.js';
import { sha256 } from '../util/hash.js';
import { canonicalName } from '../util/address.js';
import { quote } from '../util/shell.js';

/** What stands at one of a certificate's paths. */
export interface CertificateFile {
  readonly type: 'absent' | 'file' | 'other';
  /** Four octal digits; empty where absent. */
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
}

/** What a certificate says. */
export interface CertificateContent {
  readonly commonName: string;
  /** Host names and addresses that it is for, in canonical form, sorted. */
  readonly names: readonly string[];
  /** Until when it is valid, in seconds since 1970. */
  readonly notAfter: number;
  /** Whether the authority that was asked about has signed it. */
  readonly fromAuthority: boolean;
  /** Whether the key at the key's path is its own. Undefined where the host has no openssl to tell. */
  readonly keyMatches: boolean | undefined;
}

/** A certificate on a host, with its key and what goes with it. */
export interface CertificateState {
  readonly openssl: boolean;
  /** The host's clock, in seconds since 1970. */
  readonly now: number;
  /** Undefined where there is none, or none that can be read. */
  readonly content: CertificateContent | undefined;
  readonly certificate: CertificateFile;
  readonly key: CertificateFile;
  readonly authority: CertificateFile;
  readonly chain: CertificateFile;
  /** Whether the authority's file holds the authority that was asked about. */
  readonly authorityMatches: boolean;
  /** Whether the chain's file holds the certificate followed by that authority. */
  readonly chainMatches: boolean;
}

export interface CertificateParams {
  readonly path: string;
  readonly keyPath: string;
  readonly authorityPath?: string | undefined;
  readonly chainPath?: string | undefined;
  /** The authority's certificate, in PEM. */
  readonly authority: string;
}

export const NO_CERTIFICATE_FILE: CertificateFile = { type: 'absent', mode: '', owner: '', group: '' };

/** A certificate in PEM: whom it is for, until when, whether its key and authority are the right ones. */
export const certificateState: FactReader<CertificateParams, CertificateState> = defineBatchFact<
  CertificateParams,
  CertificateState
>({
  name: 'certificate',
  key: (params) => JSON.stringify({ ...params, authority: sha256(params.authority) }),
  topics: (params) => ['installed:openssl', ...pathsOf(params).map((path) => `path:${path}` as const)],
  essence: (state) => ({ ...state, now: undefined }),
  command: (params) => [FUNCTION, ...params.map(call), 'true'].join('\n'),
  parse: ({ stdout }, params) => {
    const lines = stdout.split('\n');
    return params.map((one) => parseState(lines.splice(0, 10), one));
  },
});

function pathsOf({ path, keyPath, authorityPath, chainPath }: CertificateParams): readonly string[] {
  return [path, keyPath, authorityPath, chainPath].filter((one) => one !== undefined);
}

/** Ten lines a certificate. The key itself never leaves the host: only the public key that belongs to it. */
const FUNCTION = `c() {
  command -v openssl >/dev/null && echo yes || echo no
  date +%s
  for p; do stat -L -c '%f %U %G' -- "$p" 2>/dev/null || echo absent; done
  if [ -f "$1" ]; then base64 -w0 -- "$1"; fi; echo
  if [ -f "$2" ]; then openssl pkey -in "$2" -passin pass: -pubout 2>/dev/null | base64 -w0; fi; echo
  for p in "$3" "$4"; do if [ -f "$p" ]; then sha256sum <"$p"; else echo; fi; done
}`;

function call({ path, keyPath, authorityPath, chainPath }: CertificateParams): string {
  return ['c', ...[path, keyPath, authorityPath ?? '', chainPath ?? ''].map(quote)].join(' ');
}

function parseState(lines: readonly string[], { authority }: CertificateParams): CertificateState {
  const [openssl, now, certificate, key, authorityFile, chain, pem = '', publicKey = '', authorityHash = '', chainHash = ''] =
    lines;
  const text = fromBase64(pem);
  return {
    openssl: openssl === 'yes',
    now: Number(now),
    content: parseContent(text, authority, openssl === 'yes' ? fromBase64(publicKey) : undefined),
    certificate: parseFile(certificate),
    key: parseFile(key),
    authority: parseFile(authorityFile),
    chain: parseFile(chain),
    authorityMatches: authorityHash.slice(0, 64) === sha256(authority),
    chainMatches: chainHash.slice(0, 64) === sha256(text + authority),
  };
}

function parseContent(pem: string, authority: string, publicKey: string | undefined): CertificateContent | undefined {
  try {
    const certificate = new X509Certificate(pem);
    const issuer = new X509Certificate(authority);
    return {
      commonName: /^CN=(.*)$/m.exec(certificate.subject)?.[1] ?? '',
      names: namesOf(certificate),
      notAfter: Date.parse(certificate.validTo) / 1000,
      fromAuthority: certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey),
      keyMatches: publicKey === undefined ? undefined : isKeyOf(certificate, publicKey),
    };
  } catch {
    // Not a certificate, or a damaged one: it is to be replaced like one that is absent.
    return undefined;
  }
}

function namesOf({ subjectAltName }: X509Certificate): readonly string[] {
  const names = (subjectAltName ?? '').split(', ').filter((name) => name !== '');
  return names.map((name) => canonicalName(name.replace(/^(DNS|IP Address):/, ''))).sort();
}

function isKeyOf(certificate: X509Certificate, publicKey: string): boolean {
  return publicKey !== '' && certificate.publicKey.equals(createPublicKey(publicKey));
}

function parseFile(line: string | undefined): CertificateFile {
  if (line === undefined || line === 'absent') return NO_CERTIFICATE_FILE;
  const [raw = '', owner = '', group = ''] = line.split(' ');
  const bits = Number.parseInt(raw, 16);
  return { type: bits >> 12 === 0o10 ? 'file' : 'other', mode: (bits & 0o7777).toString(8).padStart(4, '0'), owner, group };
}
