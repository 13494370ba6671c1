import type { RowDataPacket } from 'mysql2/promise';
import type { Database } from './database.js';
import { codeOf } from './errors.js';
import { isWritable, type ServerState } from './state.js';

/** Milliseconds after which a server counts as unreachable. */
const PROBE_MS = 1_500;

interface ReadOnlyRow extends RowDataPacket {
  readonly ro: string | number;
}

/** Asks a server whether it takes writes. Never throws: a server that does not answer is `unreachable`. */
export async function probe(database: Database): Promise<ServerState> {
  try {
    const [rows] = await database.useForProbe(PROBE_MS, (connection) =>
      connection.query<ReadOnlyRow[]>('SELECT @@global.read_only AS ro'),
    );
    const row = rows[0];
    if (row === undefined) return { kind: 'unreachable', error: 'EMPTY_ANSWER' };
    return { kind: isWritable(row.ro) ? 'writable' : 'read-only' };
  } catch (error) {
    return { kind: 'unreachable', error: codeOf(error) };
  }
}
