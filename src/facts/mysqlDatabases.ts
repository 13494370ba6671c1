import { defineFact } from '../model/fact.js';
import { askMysql, parseMysql, serverTopics } from './mysql/client.js';

/** A database of a server. */
export interface MysqlDatabase {
  readonly name: string;
  /** The character set of tables made in it. */
  readonly charset: string;
  readonly collation: string;
  /** How many tables it has. */
  readonly tables: number;
}

/** All databases but the server's own, and folders that it takes for some (`lost+found`); none where no server answers (which `mysqlServer` tells). */
export const mysqlDatabases = defineFact<Readonly<Record<string, never>>, readonly MysqlDatabase[]>({
  name: 'mysqlDatabases',
  live: true,
  topics: () => [...serverTopics, 'mysql:databases'],
  command: () =>
    askMysql({
      databases: `SELECT s.schema_name AS name, s.default_character_set_name AS charset,
  s.default_collation_name AS collation, COUNT(t.table_name) AS tables
FROM information_schema.schemata s
LEFT JOIN information_schema.tables t ON t.table_schema = s.schema_name AND t.table_type = 'BASE TABLE'
WHERE s.schema_name NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')
  AND s.schema_name NOT LIKE '#mysql50#%'
GROUP BY s.schema_name, s.default_character_set_name, s.default_collation_name`,
    }),
  parse: (result) => {
    const answer = parseMysql(result);
    if (answer.state !== 'running') return [];
    return answer.rows('databases').map((row) => ({
      name: row['name'] ?? '',
      charset: row['charset'] ?? '',
      collation: row['collation'] ?? '',
      tables: Number(row['tables']),
    }));
  },
});
