import { randomFillSync } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = 20;
const FILES = 50;
const SMALL = 4096;
const LARGE = 200 * 1024 * 1024;

/** What W5 sends, made at the first call: a thousand files of 4 KB in twenty folders, and one of 200 MB. @returns the folder */
export function payloadIn(folder: string): string {
  const payload = join(folder, 'payload');
  if (existsSync(payload)) return payload;
  const fresh = `${payload}.new`;
  for (let d = 0; d < FOLDERS; d++) {
    const path = join(fresh, 'small', `d${d}`);
    mkdirSync(path, { recursive: true });
    for (let f = 0; f < FILES; f++) writeFileSync(join(path, `f${f}`), randomFillSync(new Uint8Array(SMALL)));
  }
  mkdirSync(join(fresh, 'large'));
  writeFileSync(join(fresh, 'large/file'), randomFillSync(new Uint8Array(LARGE)));
  renameSync(fresh, payload);
  return payload;
}
