import { expect } from 'chai';
import { inventoryPrimary } from '../../playbooks/roles/mysqlPrimary.js';
import { checkDatabases, flavourOf, mysqlVars, serverIdOf } from '../../playbooks/roles/mysqlVars.js';
import { OS_SAMPLES } from '../../src/facts/os.js';

const SECRETS = {
  mysql_app_password: 'one-secret',
  mysql_replication_password: 'two-secrets',
  ca_certificate: '-----BEGIN CERTIFICATE-----\n',
  ca_key: 'a key',
};

function database(name: string, address: string, vars: Record<string, unknown> = {}) {
  return { name, address, groups: ['all', 'db'], vars: mysqlVars.parse({ ...SECRETS, ...vars }) };
}

describe('playbooks/roles/mysqlVars', () => {
  it('takes the server that the distribution offers, unless it is told', () => {
    const { vars } = database('db-01', '10.0.0.1');
    expect(OS_SAMPLES.map((os) => flavourOf(vars, os))).to.deep.equal(['mariadb', 'mariadb', 'mysql', 'mysql']);
    expect(OS_SAMPLES.map((os) => flavourOf({ ...vars, mysql_flavour: 'mariadb' }, os))).to.deep.equal([
      'mariadb',
      'mariadb',
      'mariadb',
      'mariadb',
    ]);
  });

  it('takes the first database host as primary, unless it is told', () => {
    const hosts = [database('db-01', '10.0.0.1'), database('db-02', '10.0.0.2')];
    expect(inventoryPrimary(hosts).name).to.equal('db-01');
    expect(
      inventoryPrimary([database('db-01', '10.0.0.1', { mysql_primary: 'db-02' }), hosts[1] ?? database('x', '')]).name,
    ).to.equal('db-02');
  });

  it('gives every address a server id of its own', () => {
    expect(serverIdOf(database('db-01', '10.79.0.21'))).to.equal(((10 * 256 + 79) * 256 + 0) * 256 + 21);
    expect(serverIdOf(database('db-01', '255.255.255.255'))).to.equal(4_294_967_295);
    expect(serverIdOf(database('db-01', '10.0.0.1', { mysql_server_id: 7 }))).to.equal(7);
  });

  it('finds what is wrong with the group as a whole, before anything connects', () => {
    expect(checkDatabases([database('db-01', '10.0.0.1'), database('db-02', '10.0.0.2')])).to.deep.equal([]);
    const twins = [database('db-01', '10.0.0.1', { mysql_server_id: 1 }), database('db-02', '10.0.0.2', { mysql_server_id: 1 })];
    const [twin] = checkDatabases(twins);
    expect(twin).to.deep.include({ host: 'db-02', variable: 'mysql_server_id' });
    expect(twin?.message).to.include('db-01 and db-02 both have 1');
    expect(checkDatabases([database('db-01', 'db-01.example.org')])[0]?.hint).to.equal('set internal_address for db-01');
    const [primary] = checkDatabases([database('db-01', '10.0.0.1', { mysql_primary: 'db-0l' })]);
    expect(primary).to.deep.include({ host: 'db-01', variable: 'mysql_primary', value: 'db-0l', known: ['db-01'] });
    expect(primary?.message).to.include('"db-0l", which is no host of the group db');
    const odd = [database('db-01', '10.0.0.1'), database('db-02', '10.0.0.2', { mysql_primary: 'db-02' })];
    expect(checkDatabases(odd).map(({ message }) => message)).to.deep.equal([
      '"mysql_primary": the hosts of the group db do not agree on it',
    ]);
  });
});
