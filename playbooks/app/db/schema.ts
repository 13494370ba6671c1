import type { RowDataPacket } from 'mysql2/promise';
import type { Database } from './database.js';

/** Milliseconds that the creation of the table may take. */
const SCHEMA_MS = 5_000;

const CREATE = `CREATE TABLE IF NOT EXISTS notes (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  text VARCHAR(500) NOT NULL,
  created_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  host VARCHAR(255) NOT NULL
) CHARACTER SET utf8mb4`;

/**
 * Makes sure that the writer has the table, and remembers the servers that were seen with it. It looks first: a CREATE
 * would be written to the binary log, and need its privilege, on every start.
 */
export function schemaKeeper(): (writer: Database) => Promise<void> {
  const ensured = new Map<string, Promise<void>>();
  return (writer) => {
    const running = ensured.get(writer.label) ?? create(writer);
    ensured.set(writer.label, running);
    running.catch(() => ensured.delete(writer.label));
    return running;
  };
}

async function create(writer: Database): Promise<void> {
  await writer.use(SCHEMA_MS, async (connection) => {
    const [tables] = await connection.query<RowDataPacket[]>(
      "SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'notes'",
    );
    if (tables.length === 0) await connection.query(CREATE);
  });
}
