import { expect } from 'chai';
import { primaryOf } from '../../playbooks/roles/mysqlPrimary.js';
import { mysqlVars } from '../../playbooks/roles/mysqlVars.js';
import type { MysqlNode } from '../../src/facts/mysqlNode.js';
import { aNode, aReplicaNode, aReplication, aServer } from '../support/mysql.js';

const SECRETS = {
  mysql_app_password: 'one-secret',
  mysql_replication_password: 'two-secrets',
  ca_certificate: '-----BEGIN CERTIFICATE-----\n',
  ca_key: 'a key',
};
const host = (name: string, number: number) => ({
  name,
  address: `10.0.0.${number}`,
  groups: ['all', 'db'],
  vars: mysqlVars.parse(SECRETS),
});
const hosts = [host('web-01', 21), host('web-02', 22), host('web-03', 23)];

/** The primary among as many hosts as there are answers; undefined is a host that cannot be reached. */
function primary(...nodes: readonly (MysqlNode | undefined)[]): string {
  const group = hosts.slice(0, nodes.length);
  return primaryOf(group, new Map(group.map(({ name }, index) => [name, nodes[index]]))).name;
}

const ABSENT: MysqlNode = { state: 'absent' };
const STOPPED: MysqlNode = { state: 'stopped', message: 'ERROR 2002' };
const NOTHING = { executed: '', purged: '', slavePosition: '', binlogState: '', oldest: undefined };
const open = aNode();
/** Follows web-01. */
const replica = aReplicaNode();
const closed = aNode({ server: aServer({ readOnly: true, superReadOnly: true }) });
const blank = aNode({ server: aServer({ readOnly: true, superReadOnly: true }), gtid: NOTHING });
/** As its package brings it: open, with a configuration that is not ours. */
const packaged = aNode({ server: aServer({ reportHost: '' }), gtid: NOTHING });
const follows = (address: string) => aReplicaNode({ channel: aReplication({ sourceHost: address }) });

describe('playbooks/roles/mysqlPrimary', () => {
  it('is the one that takes writes, whatever the inventory says', () => {
    expect(primary(open, replica)).to.equal('web-01');
    expect(primary(replica, open)).to.equal('web-02');
    expect(primary(undefined, open)).to.equal('web-02');
    expect(primary(STOPPED, open)).to.equal('web-02');
    expect(primary(closed, open)).to.equal('web-02');
    expect(primary(ABSENT, open)).to.equal('web-02');
  });

  it("is the inventory's on bare hosts, and on hosts where a first run was cut short", () => {
    expect(primary(ABSENT, ABSENT)).to.equal('web-01');
    expect(primary(blank, ABSENT)).to.equal('web-01');
    expect(primary(blank, blank)).to.equal('web-01');
    expect(primary(packaged, packaged)).to.equal('web-01');
    expect(primary(ABSENT, packaged)).to.equal('web-01');
  });

  it('is the one that others follow while nobody takes writes', () => {
    expect(primary(closed, replica)).to.equal('web-01');
    expect(primary(STOPPED, replica)).to.equal('web-01');
    expect(primary(undefined, replica)).to.equal('web-01');
    expect(primary(closed, closed, follows('10.0.0.22'))).to.equal('web-02');
  });

  it('is the only one with data, where nobody follows anybody', () => {
    expect(primary(ABSENT, closed)).to.equal('web-02');
    expect(primary(blank, closed)).to.equal('web-02');
    expect(primary(closed, packaged)).to.equal('web-01');
  });

  it('is left to a person where two could be, or nothing can be known', () => {
    expect(() => primary(open, open)).to.throw(/web-01 and web-02 both take writes/);
    expect(() => primary(closed, closed)).to.throw(/cannot be told: web-01 is read-only and has data of its own, web-02 is/);
    expect(() => primary(closed, STOPPED)).to.throw(/web-02 does not answer/);
    expect(() => primary(ABSENT, undefined)).to.throw(/web-02 cannot be reached/);
    expect(() => primary(undefined, undefined)).to.throw(/web-01 cannot be reached, web-02 cannot be reached/);
  });

  it('is never an empty server in the place of one that was lost', () => {
    expect(() => primary(ABSENT, replica)).to.throw(/web-01 has no data any more, and web-02 followed it/);
    expect(() => primary(blank, replica)).to.throw(/web-01 has no data any more/);
  });
});
