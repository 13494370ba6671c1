import { quote } from '../src/util/shell.js';
import type { BenchHost, Command } from './workload.js';

/** The ssh command line of a host with more options. */
export function sshWith({ ssh: [program, ...rest] }: BenchHost, options: readonly string[]): readonly [string, ...string[]] {
  return [program, ...options, ...rest];
}

/** A shell that runs one command line a host, all at the same time, and ends with the last exit code that is not 0. */
export function atOnce(commands: readonly (readonly string[])[], code: number): Command {
  const starts = commands.map((argv) => `${argv.map(quote).join(' ')} & pids="$pids $!"`);
  const script = ['pids= code=0', ...starts, 'for pid in $pids; do wait "$pid" || code=$?; done', 'exit $code'];
  return { argv: ['sh', '-c', script.join('\n')], code };
}
