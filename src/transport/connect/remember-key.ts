import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { keyType } from './fingerprint.js';
import { hashName } from './known-hosts-line.js';

/**
 * Adds a host's key to a known_hosts file, which is made (0600, its folder 0700) where it is missing. One append of whole
 * lines, so that several runs at once do not mix theirs.
 */
export async function rememberKey(file: string, name: string, key: Buffer, hashed: boolean): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const handle = await open(file, 'a+', 0o600);
  try {
    const { size } = await handle.stat();
    const lastByte = Buffer.alloc(1);
    if (size > 0) await handle.read(lastByte, 0, 1, size - 1);
    const lineBreak = size > 0 && lastByte.toString() !== '\n' ? '\n' : '';
    await handle.appendFile(`${lineBreak}${hashed ? hashName(name) : name} ${keyType(key)} ${key.toString('base64')}\n`);
  } finally {
    await handle.close();
  }
}
