import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Command } from './workload.js';

/** This project's built program, as its users get it, on all hosts of the bench, with more arguments. */
export function provision({ root, inventory }: Bench, args: readonly string[], code: number): Command {
  return { argv: [process.execPath, join(root, program(root)), ...args, '-i', inventory], code };
}

/** The exit codes that say whether a run changed something; the floors' scripts have the same. */
export const CHANGED = 2;
export const UNCHANGED = 0;

/** A run of a playbook that ends with `CHANGED` or `UNCHANGED`. */
export function runPlaybook(bench: Bench, playbook: string, code: number, more: readonly string[] = []): Command {
  const file = join(bench.root, 'bench/workloads', playbook);
  return provision(bench, [file, '--output', 'plain', '--detailed-exitcode', ...more], code);
}

function program(root: string): string {
  const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { bin: Record<string, string> };
  const file = bin['provision'];
  if (file === undefined) throw new Error('bench: package.json names no program "provision"');
  return file;
}
