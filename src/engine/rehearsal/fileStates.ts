import { CONTENT_LIMIT, fileState, type FileParams, type FileState } from '../../facts/file.js';
import type { Session } from '../../model/session.js';

/** Paths asked with one script. */
const BATCH = 500;

/** What stands at each of some paths of a copy; content comes along only where it is asked for. */
export async function readStates(session: Session, paths: readonly string[], content: boolean): Promise<readonly FileState[]> {
  const states: FileState[] = [];
  for (let from = 0; from < paths.length; from += BATCH) {
    const reads = paths.slice(from, from + BATCH).map((path) => {
      const params: FileParams = content ? { path, contentUnless: [] } : { path };
      return fileState(params);
    });
    const [first] = reads;
    if (first === undefined) break;
    const queries = first.fact.queries(reads.map(({ params }) => params));
    const results = await session.read(queries.map(({ query }) => query.script));
    for (const [index, { query }] of queries.entries()) {
      const result = results[index];
      if (result !== undefined) states.push(...(query.parse(result) as FileState[]));
    }
  }
  return states;
}

/** Whether a file's text can be shown line by line. */
export function isShort({ type, size }: FileState): boolean {
  return type === 'file' && size <= CONTENT_LIMIT;
}
