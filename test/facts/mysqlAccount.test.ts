import { expect } from 'chai';
import { mysqlAccount } from '../../src/facts/mysqlAccount.js';
import { mysqlPrivileges } from '../../src/facts/mysqlPrivileges.js';
import { mask, reveal } from '../../src/util/secret.js';
import { fixture, parseRecorded } from '../support/recorded.js';

describe('facts/mysqlAccount', () => {
  it('reads plugin, hash, TLS, limits and grants of MySQL accounts, and absence', () => {
    const { app, nobody, odd, boss, prometheus } = accounts('mysql-9.7');
    expect(app?.plugin).to.equal('caching_sha2_password');
    expect(reveal(app?.authentication ?? '')).to.match(/^24412430304124[0-9A-F]{126}$/);
    expect(mask(app?.authentication ?? '')).to.equal('•••');
    expect(app?.grants).to.deep.equal([{ on: '`app`.*', privileges: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] }]);
    expect(nobody).to.equal(undefined);
    expect(odd).to.deep.include({ tls: 'ANY', maxConnections: 5 });
    expect(odd?.grants).to.deep.equal([
      { on: '*.*', privileges: ['REPLICATION SLAVE', 'REPLICATION CLIENT', 'BACKUP_ADMIN', 'CLONE_ADMIN'] },
      { on: '`app\\_x`.*', privileges: ['ALL PRIVILEGES', 'GRANT OPTION'] },
      { on: '`app`.`notes`', privileges: ['SELECT', 'INSERT (`id`, `v`)'] },
      { on: '', privileges: ['`readers`@`%`'] },
    ]);
    expect(boss?.grants).to.have.length(1);
    expect(boss?.grants[0]?.privileges).to.include.members(['SUPER', 'GRANT OPTION', 'XA_RECOVER_ADMIN']);
    expect(prometheus).to.deep.include({ plugin: 'auth_socket', tls: '', grants: [] });
  });

  for (const server of ['mariadb-11.8', 'mariadb-10.11']) {
    it(`reads the accounts of ${server}, which names privileges in its own way`, () => {
      const { app, nobody, odd, boss, prometheus } = accounts(server);
      expect(app?.plugin).to.equal('mysql_native_password');
      expect(app?.grants).to.deep.equal([{ on: '`app`.*', privileges: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] }]);
      expect(nobody).to.equal(undefined);
      expect(odd).to.deep.include({ tls: 'ANY', maxConnections: 5 });
      expect(odd?.grants).to.deep.equal([
        { on: '', privileges: ['`readers`'] },
        { on: '*.*', privileges: ['REPLICATION SLAVE', 'BINLOG MONITOR'] },
        { on: '`app\\_x`.*', privileges: ['ALL PRIVILEGES', 'GRANT OPTION'] },
        { on: '`app`.`notes`', privileges: ['SELECT', 'INSERT (`id`, `v`)'] },
      ]);
      expect(boss?.grants).to.deep.equal([{ on: '*.*', privileges: ['ALL PRIVILEGES', 'GRANT OPTION'] }]);
      expect(prometheus).to.deep.include({ plugin: 'unix_socket', grants: [] });
    });
  }

  it('knows which privileges a server has', () => {
    const known = (server: string) => parseRecorded(fixture(`mysql/mysqlPrivileges.${server}.txt`), mysqlPrivileges({}))[0];
    expect(known('mysql-9.7')).to.include.members(['CREATE TEMPORARY TABLES', 'REPLICATION CLIENT', 'CLONE_ADMIN']);
    expect(known('mariadb-11.8')).to.include.members(['BINLOG MONITOR', 'READ_ONLY ADMIN', 'SHOW CREATE ROUTINE']);
    expect(known('mariadb-10.11')).to.include('SLAVE MONITOR').and.not.to.include('SHOW CREATE ROUTINE');
  });

  function accounts(server: string) {
    const [app, nobody, odd, boss, prometheus] = parseRecorded(
      fixture(`mysql/mysqlAccount.${server}.txt`),
      mysqlAccount({ user: 'app', host: '10.0.0.%' }),
      mysqlAccount({ user: 'nobody', host: '%' }),
      mysqlAccount({ user: 'odd', host: '%' }),
      mysqlAccount({ user: 'boss', host: 'localhost' }),
      mysqlAccount({ user: 'prometheus', host: 'localhost' }),
    );
    return { app, nobody, odd, boss, prometheus };
  }
});
