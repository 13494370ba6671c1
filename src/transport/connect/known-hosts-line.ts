import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { keyType } from './fingerprint.js';
import { matchesPatterns } from './host-pattern.js';

/** What a line of a known_hosts file says of the hosts that it matches. */
export interface KnownHostsLine {
  readonly marker: 'key' | 'cert-authority' | 'revoked';
  /** Comma-separated patterns, or a hashed name (`|1|salt|hash`). */
  readonly hosts: string;
  readonly type: string;
  /** The public key, encoded. */
  readonly key: Buffer;
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

const MARKERS = { '@cert-authority': 'cert-authority', '@revoked': 'revoked' } as const;

/** The lines of a known_hosts file. Comments, blank lines and lines that OpenSSH would not understand are left out. */
export function parseKnownHosts(content: string, file: string): KnownHostsLine[] {
  return content.split('\n').flatMap((text, index) => parseLine(text, file, index + 1) ?? []);
}

function parseLine(text: string, file: string, line: number): KnownHostsLine | undefined {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.startsWith('#')) return undefined;
  const words = trimmed.split(/[ \t]+/);
  const first = words[0] ?? '';
  if (first.startsWith('@') && !isMarker(first)) return undefined;
  const marker = isMarker(first) ? MARKERS[first] : 'key';
  const [hosts, type, encoded] = isMarker(first) ? words.slice(1) : words;
  if (hosts === undefined || type === undefined || encoded === undefined) return undefined;
  const key = Buffer.from(encoded, 'base64');
  if (keyType(key) !== type) return undefined;
  return { marker, hosts, type, key, file, line };
}

function isMarker(word: string): word is keyof typeof MARKERS {
  return Object.hasOwn(MARKERS, word);
}

/** Whether a line is about a host, given by the name that it is known by (see `knownName`). */
export function matchesHost(line: KnownHostsLine, name: string): boolean {
  if (!line.hosts.startsWith('|')) return matchesPatterns(name, line.hosts.split(','));
  const [, version, salt, hash] = line.hosts.split('|');
  if (version !== '1' || salt === undefined || hash === undefined) return false;
  const expected = Buffer.from(hash, 'base64');
  const actual = hmac(name, Buffer.from(salt, 'base64'));
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** The name that a host is known by: `host`, or `[host]:port` where the port is not 22; always in lower case. */
export function knownName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/** A host's name as `HashKnownHosts yes` writes it: it can be recognised, but not read. */
export function hashName(name: string): string {
  const salt = randomBytes(20);
  return `|1|${salt.toString('base64')}|${hmac(name, salt).toString('base64')}`;
}

/** SHA-1 is what the file format says; it only hides the name. */
function hmac(name: string, salt: Buffer): Buffer {
  return createHmac('sha1', salt).update(name.toLowerCase()).digest();
}
