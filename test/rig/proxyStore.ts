import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, utimes, type FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { dirname, join, relative } from 'node:path';
import { randomUUID } from 'node:crypto';

/** Files that were not asked for in this many days are deleted. */
const KEEP_DAYS = 30;

/** A folder of downloaded files, by URL. Several proxies may share one. */
export interface Store {
  /** Where the file of a URL lies, or undefined for a URL that cannot be one (it climbs out, say). */
  path(url: URL): string | undefined;
  /** The open file of a URL and its length in bytes, or undefined when it is not there. */
  read(path: string): Promise<{ length: number; stream: Readable } | undefined>;
  /** Keeps what a stream gives, whole or not at all. */
  write(path: string, length: number | undefined, stream: Readable): Promise<void>;
}

/** Opens a store in a folder. */
export function openStore(folder: string): Store {
  return {
    path(url) {
      const path = join(folder, url.host.replace(':', '_'), decodeURIComponent(url.pathname));
      return relative(folder, path).startsWith('..') || path.includes('\0') || url.pathname.endsWith('/') ? undefined : path;
    },
    async read(path) {
      let file: FileHandle;
      try {
        file = await open(path);
      } catch {
        return undefined;
      }
      const now = new Date();
      await utimes(path, now, now);
      return { length: (await file.stat()).size, stream: file.createReadStream() };
    },
    async write(path, length, stream) {
      const part = join(folder, `part-${randomUUID()}`);
      try {
        await pipeline(stream, createWriteStream(part)); // attached at once: the stream may flow already
        const { size } = await stat(part);
        if (length !== undefined && size !== length) throw new Error(`got ${size} of ${length} bytes`);
        await mkdir(dirname(path), { recursive: true });
        await rename(part, path);
      } finally {
        await rm(part, { force: true });
      }
    },
  };
}

/** Deletes what nobody asked for in a month, and halves of downloads that a crash left. */
export async function prune(folder: string): Promise<void> {
  const old = Date.now() - KEEP_DAYS * 86_400_000;
  const hourAgo = Date.now() - 3_600_000;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
    if (mtimeMs < (entry.name.startsWith('part-') ? hourAgo : old)) await rm(path, { force: true });
  }
}
