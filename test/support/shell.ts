import { spawnSync } from 'node:child_process';
import type { CommandResult, Read } from '../../src/model/fact.js';

/** Runs a script with this machine's own sh, as a session's subshell would. */
export function runLocally(script: string): CommandResult {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script], { encoding: 'utf8', input: '', maxBuffer: 1 << 28 });
  return { code: status ?? -1, stdout, stderr };
}

/** Asks this machine some reads of one fact. */
export function askLocally<T>(...reads: readonly Read<T>[]): readonly T[] {
  const fact = reads[0]?.fact;
  return (fact?.queries(reads.map((read) => read.params)) ?? []).flatMap(
    ({ query }) => query.parse(runLocally(query.script)) as readonly T[],
  );
}
