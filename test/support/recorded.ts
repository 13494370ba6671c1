import { readFileSync } from 'node:fs';
import type { Read } from '../../src/model/fact.js';

/** What reads of one fact make of a standard output that was recorded on a host. */
export function parseRecorded<T>(stdout: string, ...reads: readonly Read<T>[]): readonly T[] {
  const queries = reads[0]?.fact.queries(reads.map((read) => read.params)) ?? [];
  return queries.flatMap(({ query }) => query.parse({ code: 0, stdout, stderr: '' }) as readonly T[]);
}

/** A recorded output: a file of test/fixtures. */
export function fixture(file: string): string {
  return readFileSync(`test/fixtures/${file}`, 'utf8');
}
