import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { quote } from '../src/util/shell.js';
import type { Bench, BenchHost, Command } from './workload.js';

/** Clients at a time: with two cores, more of them only make each other wait. Up to so many hosts, all begin at once. */
const CLIENTS = 16;

/** What xargs ends with where a command ended with 1 to 125. */
const XARGS_FAILED = 123;

/** The ssh client's options for the key exchange that `provision` uses: the default one takes tens of milliseconds of a processor. */
export const X25519: readonly string[] = ['-o', 'KexAlgorithms=curve25519-sha256'];

/** The ssh command line of a host with more options. */
export function sshWith({ ssh: [program, ...rest] }: BenchHost, options: readonly string[]): readonly [string, ...string[]] {
  return [program, ...options, ...rest];
}

/**
 * One command line a host, at the same time.
 * @param code how each of them must end
 */
export function atOnce(bench: Bench, commands: readonly (readonly string[])[], code: number): Command {
  const lines = commands.map((argv) => argv.map(quote).join(' '));
  if (lines.length > CLIENTS) {
    const text = lines.map((line) => `exec ${line}\0`).join('');
    const file = join(bench.folder, `floor-${createHash('sha256').update(text).digest('hex').slice(0, 12)}`);
    writeFileSync(file, text);
    return {
      argv: ['xargs', '-0', '-a', file, '-n', '1', '-P', String(CLIENTS), 'sh', '-c'],
      code: code === 0 ? 0 : XARGS_FAILED,
    };
  }
  const starts = lines.map((line) => `${line} & pids="$pids $!"`);
  const script = ['pids= code=0', ...starts, 'for pid in $pids; do wait "$pid" || code=$?; done', 'exit $code'];
  return { argv: ['sh', '-c', script.join('\n')], code };
}
