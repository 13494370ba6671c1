import { join } from 'node:path';
import type { Bench, Command } from './workload.js';

/** This project's built program on all hosts of the bench, with more arguments. */
export function provision({ root, inventory }: Bench, args: readonly string[], code: number): Command {
  return { argv: [process.execPath, join(root, 'dist/cli/main.js'), ...args, '-i', inventory], code };
}
