import { createHash } from 'node:crypto';

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** In which order the digest's bytes are written, three at a time; 31 and 30 follow alone. */
const ORDER = [
  [0, 10, 20],
  [21, 1, 11],
  [12, 22, 2],
  [3, 13, 23],
  [24, 4, 14],
  [15, 25, 5],
  [6, 16, 26],
  [27, 7, 17],
  [18, 28, 8],
  [9, 19, 29],
] as const;

/**
 * The SHA-256 crypt of a password (the part after the salt in `$5$rounds=5000$salt$…`): 43 characters.
 * The salt is taken as it is: glibc cuts it at 16 bytes, MySQL's caching_sha2_password uses all of its 20.
 */
export function sha256Crypt(password: string, salt: Buffer, rounds = 5000): string {
  const key = Buffer.from(password, 'utf8');
  const other = sha(key, salt, key);
  const bits: Buffer[] = [key, salt, repeated(other, key.length)];
  for (let length = key.length; length > 0; length >>= 1) bits.push(length & 1 ? other : key);
  let digest = sha(...bits);

  const p = repeated(sha(...Array.from({ length: key.length }, () => key)), key.length);
  const s = repeated(sha(...Array.from({ length: 16 + (digest[0] ?? 0) }, () => salt)), salt.length);
  for (let round = 0; round < rounds; round++) {
    const parts = [round & 1 ? p : digest];
    if (round % 3 !== 0) parts.push(s);
    if (round % 7 !== 0) parts.push(p);
    parts.push(round & 1 ? digest : p);
    digest = sha(...parts);
  }
  return encode(digest);
}

function sha(...parts: readonly Buffer[]): Buffer {
  return createHash('sha256').update(Buffer.concat(parts)).digest();
}

/** The block over and over, up to a length. */
function repeated(block: Buffer, length: number): Buffer {
  return Buffer.alloc(length, length === 0 ? undefined : block);
}

function encode(digest: Buffer): string {
  const at = (index: number) => digest[index] ?? 0;
  const groups = ORDER.map(([a, b, c]) => base64((at(a) << 16) | (at(b) << 8) | at(c), 4));
  return groups.join('') + base64((at(31) << 8) | at(30), 3);
}

/** crypt's own base 64, lowest six bits first. */
function base64(value: number, characters: number): string {
  return Array.from({ length: characters }, (_, index) => ALPHABET[(value >> (6 * index)) & 63] ?? '').join('');
}
