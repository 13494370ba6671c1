import type { ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import type { Cluster, Done, Read } from '../db/cluster.js';
import { schemaKeeper } from '../db/schema.js';
import { warn } from '../log.js';

/** Milliseconds that a read may take on one server before another is asked. */
const READ_MS = 1_500;
/** Milliseconds that a write may take: a primary waits up to a second for its semi-synchronous replica. */
const WRITE_MS = 4_000;
/** How many of the newest notes are shown. */
const SHOWN = 20;

/** A stored note. */
export interface Note {
  readonly id: number;
  readonly text: string;
  /** When it was stored, ISO 8601 in UTC. */
  readonly createdAt: string;
  /** The web server that took it. */
  readonly host: string;
}

/** The notes in the databases. */
export interface NoteStore {
  /** Stores a note on the primary; its id is the value. */
  add(text: string): Promise<Done<number>>;
  /** The newest notes, newest first, from a replica if one can answer. */
  newest(): Promise<Read<readonly Note[]>>;
}

interface NoteRow extends RowDataPacket {
  readonly id: number;
  readonly text: string;
  readonly created: string;
  readonly host: string;
}

/** The store of the notes that the web server `host` takes. It creates the table as soon as there is a writer. */
export function noteStore(cluster: Cluster, host: string): NoteStore {
  const ensureSchema = schemaKeeper();
  let told = '';
  cluster.onWriter((writer) => {
    ensureSchema(writer).catch((error: unknown) => {
      const problem = `the table of the notes cannot be created: ${error instanceof Error ? error.message : String(error)}`;
      if (problem !== told) warn(problem);
      told = problem;
    });
  });

  return {
    add: (text) =>
      cluster.write(async (primary) => {
        await ensureSchema(primary);
        const [result] = await primary.use(WRITE_MS, (connection) =>
          connection.execute<ResultSetHeader>('INSERT INTO notes (text, host) VALUES (?, ?)', [text, host]),
        );
        return result.insertId;
      }),
    newest: () =>
      cluster.read(async (server) => {
        // Seconds since 1970 are the same in every session's time zone.
        const [rows] = await server.use(READ_MS, (connection) =>
          connection.query<NoteRow[]>(
            `SELECT id, text, UNIX_TIMESTAMP(created_at) AS created, host FROM notes ORDER BY id DESC LIMIT ${SHOWN}`,
          ),
        );
        return rows.map(toNote);
      }),
  };
}

function toNote(row: NoteRow): Note {
  return { id: row.id, text: row.text, createdAt: new Date(Number(row.created) * 1_000).toISOString(), host: row.host };
}
