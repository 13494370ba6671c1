import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** SHA-256 of a text's UTF-8 bytes, in hex, as `sha256sum` prints it. */
export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** BLAKE2b of a text's UTF-8 bytes, in hex, as `b2sum` prints it: as safe as SHA-256, and coreutils computes it in a third of the time. */
export function blake2b(text: string | Buffer): string {
  return createHash('blake2b512').update(text).digest('hex');
}

/** SHA-256 of a local file, read as a stream. */
export async function sha256File(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
