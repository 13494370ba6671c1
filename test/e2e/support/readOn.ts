import type { CommandResult, Read } from '../../../src/model/fact.js';
import type { Rig } from '../../rig/rig.js';

/** Asks a host of a rig some questions of one fact, as root, and gives their answers in their order. */
export async function readOn<T>(rig: Rig, host: string, reads: readonly Read<T>[]): Promise<readonly T[]> {
  const [first] = reads;
  if (first === undefined) return [];
  const queries = first.fact.queries(reads.map(({ params }) => params));
  const answers: unknown[] = [];
  for (const { query } of queries) {
    const { code, stdout, stderr } = await rig.ssh(host, 'sh -s', { root: true, input: query.script });
    const result: CommandResult = { code: code, stdout, stderr };
    answers.push(...query.parse(result));
  }
  return answers as readonly T[];
}
