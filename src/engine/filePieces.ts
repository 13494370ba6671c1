import { open } from 'node:fs/promises';

/** In bytes. */
const PIECE = 262_144;

/** What is made sure of before the last piece. */
export interface EndOfPieces {
  /** Of the file, in bytes. */
  readonly size: number;
  /** Throws where the file is not to be sent whole. */
  readonly check: () => void;
}

/**
 * A file's content from `start` on, in pieces of two buffers in turn: a piece is good until the next but one is asked for. Streams of
 * Node take new memory for each piece, and collecting that is a quarter of the work of sending a large file.
 */
export async function* filePieces(path: string, start: number, end: EndOfPieces): AsyncGenerator<Buffer> {
  const file = await open(path);
  try {
    let at = start;
    const into = async (buffer: Buffer): Promise<Buffer> => {
      const { bytesRead } = await file.read(buffer, 0, PIECE, at);
      at += bytesRead;
      return buffer.subarray(0, bytesRead);
    };
    const buffers = [Buffer.allocUnsafeSlow(PIECE), Buffer.allocUnsafeSlow(PIECE)] as const;
    let next = into(buffers[0]);
    let sent = start;
    for (let turn = 1; ; turn = 1 - turn) {
      const piece = await next;
      sent += piece.length;
      // Also where it has become shorter meanwhile.
      if (sent >= end.size || piece.length === 0) end.check();
      if (piece.length === 0) return;
      // The other one is filled while this one is sent.
      next = into(buffers[turn === 0 ? 0 : 1]);
      // Whoever stops here does not wait for it.
      next.catch(() => undefined);
      yield piece;
    }
  } finally {
    await file.close();
  }
}
