import { defineFact } from '../model/fact.js';
import { askMysql, parseMysql, serverTopics } from './mysql/client.js';

/** The privileges that a server knows, in upper case: what can be granted at all. Empty where no server answers. */
export const mysqlPrivileges = defineFact<Readonly<Record<string, never>>, readonly string[]>({
  name: 'mysqlPrivileges',
  live: true,
  // Only another server (or a plugin of it) knows others.
  topics: () => serverTopics,
  command: () => askMysql({ privileges: 'SHOW PRIVILEGES' }),
  parse: (result) => {
    const answer = parseMysql(result);
    return answer.state === 'running' ? answer.rows('privileges').map((row) => (row['Privilege'] ?? '').toUpperCase()) : [];
  },
});
