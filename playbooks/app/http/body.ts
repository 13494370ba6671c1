import type { IncomingMessage } from 'node:http';
import { HttpError } from './failure.js';

/**
 * A request's body. What is too much is read and thrown away, so that the client gets to read why it was refused. @throws {HttpError} 413 when it has more than `limit` bytes, 400 when it ends before its end.
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunksOf(request)) {
    bytes += chunk.length;
    if (bytes > limit) break;
    chunks.push(chunk);
  }
  if (bytes <= limit) return Buffer.concat(chunks);
  // Node throws away by itself only what nobody began to read; left as it is, the connection's next request would wait for ever.
  request.resume();
  throw new HttpError(413, `the body has more than ${limit} bytes`);
}

async function* chunksOf(request: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    // Leaving the loop early must not destroy the connection: the answer is still to be sent on it.
    yield* request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  } catch (error) {
    throw new HttpError(400, `the body was cut short: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Bytes as UTF-8 text. @throws {HttpError} 400 when they are not. */
export function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new HttpError(400, 'the body is not UTF-8');
  }
}
