import { once } from 'node:events';
import type { Writable } from 'node:stream';

/**
 * Writes pieces one after the other, each when the one before is out, and ends the stream. Rejects where the stream closes before, or when
 * `over` says that nobody waits any more.
 */
export async function pour(pieces: AsyncIterable<Buffer>, into: Writable, over: AbortSignal): Promise<void> {
  const closed = once(into, 'close', { signal: over }).then(() => {
    throw new Error('closed before all was written');
  });
  // It is only waited for while a piece is on its way.
  closed.catch(() => undefined);
  for await (const piece of pieces) await Promise.race([written(piece, into), closed]);
  into.end();
}

function written(piece: Buffer, into: Writable): Promise<void> {
  return new Promise((resolve, reject) => {
    into.write(piece, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
