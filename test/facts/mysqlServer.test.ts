import { expect } from 'chai';
import { mysqlServer, type MysqlServer } from '../../src/facts/mysqlServer.js';
import type { CommandResult } from '../../src/model/fact.js';
import { fixture, parseRecorded } from '../support/recorded.js';

describe('facts/mysqlServer', () => {
  it('knows MySQL 9, which has no have_ssl', () => {
    expect(recorded('mysql-9.7')).to.deep.include({
      state: 'running',
      flavour: 'mysql',
      version: '9.7.4',
      serverId: 41,
      serverUuid: '812a7f22-e57e-11f1-9ce5-02fc00000001',
      dataDirectory: '/var/lib/mysql',
      binaryLog: true,
      gtid: true,
      readOnly: false,
      superReadOnly: false,
      tls: true,
      clonePlugin: true,
    });
  });

  it('knows MariaDB, with TLS of its own in 11.8 and none in 10.11', () => {
    expect(recorded('mariadb-11.8')).to.deep.include({ flavour: 'mariadb', version: '11.8.6', serverUuid: '', tls: true });
    expect(recorded('mariadb-10.11')).to.deep.include({ flavour: 'mariadb', version: '10.11.19', gtidStrict: true, tls: false });
  });

  it('tells a host without a client from a server that does not answer; neither is an error', () => {
    const message = "ERROR 2002 (HY000): Can't connect to local server through socket '/run/mysqld/mysqld.sock' (2)";
    expect(parse({ code: 127, stdout: '', stderr: '' })).to.deep.equal({ state: 'absent' });
    expect(parse({ code: 1, stdout: '', stderr: `Deprecated program name.\n${message}\n` })).to.deep.equal({
      state: 'stopped',
      message,
    });
  });

  function recorded(server: string): MysqlServer | undefined {
    return parseRecorded(fixture(`mysql/mysqlServer.${server}.txt`), mysqlServer({}))[0];
  }

  function parse(result: CommandResult): unknown {
    const read = mysqlServer({});
    return read.fact.queries([read.params])[0]?.query.parse(result)[0];
  }
});
