import { writeWhole } from './writeWhole.js';

/** Keeps what can be made again. A folder that cannot be written is no fault: the next process takes longer. */
export function keep(file: string, content: string | Buffer): void {
  try {
    writeWhole(file, content);
  } catch {
    // As said.
  }
}
