import { createPublicKey, verify } from 'node:crypto';
import ssh2, { type ParsedKey } from 'ssh2';
import { matchesPattern } from './host-pattern.js';
import { WireReader, wireString } from './wire.js';

/** The end of the type names of OpenSSH's certificates. */
export const CERTIFICATE_SUFFIX = '-cert-v01@openssh.com';

/** A host certificate: an authority's signed word that a key is that of certain hosts. */
export interface HostCertificate {
  /** The host's plain public key, encoded. */
  readonly key: Buffer;
  readonly keyId: string;
  /** Names or patterns of hosts; none is any host. */
  readonly principals: readonly string[];
  /** Seconds since 1970, from and until. */
  readonly validAfter: bigint;
  readonly validBefore: bigint;
  readonly isHost: boolean;
  readonly criticalOptions: readonly string[];
  /** The authority's public key, encoded. */
  readonly authority: Buffer;
  readonly signed: Buffer;
  readonly signature: Buffer;
}

/** How many fields each type of key has. */
const KEY_FIELDS = new Map([
  ['ssh-ed25519', 1],
  ['ssh-rsa', 2],
  ['ecdsa-sha2-nistp256', 2],
  ['ecdsa-sha2-nistp384', 2],
  ['ecdsa-sha2-nistp521', 2],
]);
const HOST_TYPE = 2;

/** Reads an encoded certificate. Throws an Error for what is none. Nothing is verified yet. */
export function parseCertificate(data: Buffer): HostCertificate {
  const reader = new WireReader(data);
  const fullType = reader.text();
  const type = fullType.endsWith(CERTIFICATE_SUFFIX) ? fullType.slice(0, -CERTIFICATE_SUFFIX.length) : '';
  const fields = KEY_FIELDS.get(type);
  if (fields === undefined) throw new Error(`${fullType} is not a type of certificate that can be used`);
  reader.string(); // nonce
  const key = Buffer.concat([wireString(type), ...Array.from({ length: fields }, () => wireString(reader.string()))]);
  reader.uint64(); // serial number
  const isHost = reader.uint32() === HOST_TYPE;
  const keyId = reader.text();
  const principals = listOf(reader.string());
  const validAfter = reader.uint64();
  const validBefore = reader.uint64();
  const options = listOf(reader.string()).filter((_, index) => index % 2 === 0);
  reader.string(); // extensions, of which hosts have none
  reader.string(); // reserved
  const authority = reader.string();
  const signed = data.subarray(0, reader.offset);
  const signature = reader.string();
  return { key, keyId, principals, validAfter, validBefore, isHost, criticalOptions: options, authority, signed, signature };
}

function listOf(data: Buffer): string[] {
  const reader = new WireReader(data);
  const list: string[] = [];
  while (!reader.atEnd) list.push(reader.text());
  return list;
}

/**
 * Why a certificate does not prove that its key is the host's; undefined where it does. That the authority is one to
 * trust for this host is not looked at here. `now` is in seconds since 1970.
 */
export function certificateFault(certificate: HostCertificate, host: string, now: number): string | undefined {
  if (!certificate.isHost) return 'it is a certificate for a user, not for a host';
  const authority = ssh2.utils.parseKey(certificate.authority);
  if (authority instanceof Error) return `the type of its authority's key cannot be used (${authority.message})`;
  if (!signatureHolds(certificate, authority)) return 'its signature is wrong';
  if (BigInt(now) < certificate.validAfter) return `it is valid only from ${day(certificate.validAfter)}`;
  if (BigInt(now) >= certificate.validBefore) return `it expired on ${day(certificate.validBefore)}`;
  if (certificate.criticalOptions.length > 0)
    return `it has options that are not understood: ${certificate.criticalOptions.join(', ')}`;
  const { principals } = certificate;
  if (principals.length > 0 && !principals.some((pattern) => matchesPattern(host, pattern))) {
    return `it is for ${principals.join(', ')}, not for ${host}`;
  }
  return undefined;
}

function day(seconds: bigint): string {
  return new Date(Number(seconds) * 1000).toISOString();
}

/** Hashes by the name of the signature's format; SHA-1 (`ssh-rsa`) is not accepted. */
const HASHES = new Map([
  ['ssh-ed25519', null],
  ['rsa-sha2-256', 'sha256'],
  ['rsa-sha2-512', 'sha512'],
  ['ecdsa-sha2-nistp256', 'sha256'],
  ['ecdsa-sha2-nistp384', 'sha384'],
  ['ecdsa-sha2-nistp521', 'sha512'],
]);
const CURVE_BYTES = new Map([
  ['ecdsa-sha2-nistp256', 32],
  ['ecdsa-sha2-nistp384', 48],
  ['ecdsa-sha2-nistp521', 66],
]);

function signatureHolds({ signature, signed }: HostCertificate, authority: ParsedKey): boolean {
  const reader = new WireReader(signature);
  const format = reader.text();
  const value = reader.string();
  const hash = HASHES.get(format);
  if (hash === undefined || authority.type !== (format.startsWith('rsa-') ? 'ssh-rsa' : format)) return false;
  const key = createPublicKey(authority.getPublicPEM());
  const curveBytes = CURVE_BYTES.get(format);
  if (curveBytes === undefined) return verify(hash, signed, key, value);
  const numbers = new WireReader(value);
  const plain = Buffer.concat([fixed(numbers.string(), curveBytes), fixed(numbers.string(), curveBytes)]);
  return verify(hash, signed, { key, dsaEncoding: 'ieee-p1363' }, plain);
}

/** A number of SSH's encoding in a fixed count of bytes. */
function fixed(number: Buffer, length: number): Buffer {
  const digits = number.subarray(Math.max(0, number.length - length));
  return Buffer.concat([Buffer.alloc(length - digits.length), digits]);
}
