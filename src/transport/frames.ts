/**
 * The stream that comes back from a host's shell: raw bytes, cut by marker lines `\n<token> <word> …\n`. The token is
 * random for each run, so no command's output can hold it by chance.
 */
export interface Frame {
  /** What came since the marker before. */
  readonly body: Buffer;
  /** The marker's words after the token. */
  readonly words: readonly string[];
}

/** Cuts a byte stream into frames, however its chunks fall. */
export function frameDecoder(token: string, onFrame: (frame: Frame) => void): (chunk: Buffer) => void {
  const marker = Buffer.from(`\n${token} `);
  let pending: Buffer = Buffer.alloc(0);
  // Where to go on searching, so that a large body that comes in many chunks is searched once.
  let searched = 0;
  return (chunk) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    for (;;) {
      const start = pending.indexOf(marker, searched);
      if (start < 0) {
        searched = Math.max(0, pending.length - marker.length);
        return;
      }
      const end = pending.indexOf('\n', start + marker.length);
      if (end < 0) {
        searched = start;
        return;
      }
      const words = pending.toString('utf8', start + marker.length, end).split(' ');
      const body = pending.subarray(0, start);
      pending = pending.subarray(end + 1);
      searched = 0;
      onFrame({ body, words });
    }
  };
}
