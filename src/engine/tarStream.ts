import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack, type Pack } from 'tar-stream';
import type { UnpackStep } from '../model/change.js';
import { GZIP_LEVEL } from './compressible.js';

/** tar-stream emits a header and a body at a time; sent so, each would be a packet of its own. */
const BATCH_BYTES = 65_536;

/** The entries as one tar stream, through gzip where `packed`. Owner and group go by name, as the host knows them. */
export function tarStream(step: UnpackStep, packed = false): Readable {
  const archive = pack();
  fill(archive, step).catch((error: unknown) => {
    archive.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  const plain = Readable.from(inBatches(archive as AsyncIterable<Buffer>), { objectMode: false });
  if (!packed) return plain;
  const zipped = createGzip({ level: GZIP_LEVEL });
  // An error ends both.
  pipeline(plain, zipped).catch(() => undefined);
  return zipped;
}

async function fill(archive: Pack, { entries, owner, group }: UnpackStep): Promise<void> {
  for (const entry of entries) {
    const header = { name: entry.path, mode: Number.parseInt(entry.mode, 8), uname: owner, gname: group, mtime: new Date() };
    if (entry.type === 'file' && entry.localFile !== undefined) {
      // A stream for each of a thousand small files costs more than the files.
      if ((entry.size ?? 0) <= BATCH_BYTES) await add(archive, header, await readFile(entry.localFile));
      else await pipeline(createReadStream(entry.localFile), archive.entry({ ...header, size: entry.size ?? 0 }));
    } else if (entry.type === 'link') {
      archive.entry({ ...header, type: 'symlink', linkname: entry.target ?? '' });
    } else {
      archive.entry({ ...header, type: 'directory' });
    }
  }
  archive.finalize();
}

function add(archive: Pack, header: Parameters<Pack['entry']>[0], content: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    archive.entry(header, content, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

async function* inBatches(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let size = 0;
  for await (const chunk of source) {
    waiting.push(chunk);
    size += chunk.length;
    if (size < BATCH_BYTES) continue;
    yield Buffer.concat(waiting);
    [waiting, size] = [[], 0];
  }
  if (size > 0) yield Buffer.concat(waiting);
}
