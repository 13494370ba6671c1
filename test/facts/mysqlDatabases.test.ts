import { expect } from 'chai';
import { mysqlDatabases } from '../../src/facts/mysqlDatabases.js';
import { fixture, parseRecorded } from '../support/recorded.js';

describe('facts/mysqlDatabases', () => {
  for (const [server, collation] of [
    ['mysql-9.7', 'utf8mb4_0900_ai_ci'],
    ['mariadb-11.8', 'utf8mb4_uca1400_ai_ci'],
    ['mariadb-10.11', 'utf8mb4_general_ci'],
  ] as const) {
    it(`lists the databases of ${server} without the server's own`, () => {
      const [databases] = parseRecorded(fixture(`mysql/mysqlDatabases.${server}.txt`), mysqlDatabases({}));
      expect(databases).to.deep.equal([
        { name: 'app', charset: 'utf8mb4', collation, tables: 1 },
        { name: 'legacy', charset: 'latin1', collation: 'latin1_swedish_ci', tables: 0 },
      ]);
    });
  }
});
