import { expect } from 'chai';
import { planFailover, type FailoverLimits } from '../../src/database/failover.js';
import type { Member } from '../../src/database/member.js';
import type { Operation } from '../../src/database/operation.js';
import { planRejoin } from '../../src/database/rejoin.js';
import { statusOf } from '../../src/database/status.js';
import { planSwitchover } from '../../src/database/switchover.js';
import type { MysqlNode } from '../../src/facts/mysqlNode.js';
import { OperationRefusedError } from '../../src/model/errors.js';
import { mask, Secret } from '../../src/util/secret.js';
import { aNode, aReplicaNode, aReplication, aServer } from '../support/mysql.js';

const U1 = '11111111-1111-1111-1111-111111111111';
const U2 = '22222222-2222-2222-2222-222222222222';

function member(host: string, number: number, node: MysqlNode | undefined): Member {
  return {
    host,
    address: `10.0.0.${number}`,
    port: 3306,
    replicationUser: 'repl',
    replicationPassword: new Secret('repl-secret-1'),
    caFile: '/etc/mysql/tls/ca.pem',
    peerOptionFile: '/etc/mysql/provision-guard.cnf',
    backupFolder: '/var/backups/mysql',
    backupProgram: '/usr/local/sbin/provision-db-backup',
    node,
  };
}
const group = (...nodes: readonly (MysqlNode | undefined)[]) =>
  nodes.map((node, index) => member(`web-0${index + 1}`, 21 + index, node));
const gtid = (executed: string) => ({ executed, purged: '', slavePosition: '', binlogState: '', oldest: undefined });

const STOPPED: MysqlNode = { state: 'stopped', message: 'ERROR 2002' };
const LIMITS = { maxLagSeconds: 5, waitSeconds: 10, force: false };
const FAILOVER: FailoverLimits = { waitSeconds: 60, force: false, witnesses: [] };
const third = (other: Parameters<typeof aReplicaNode>[0] = {}) =>
  aReplicaNode({ server: aServer({ serverId: 23, serverUuid: 'x', readOnly: true, superReadOnly: true }), ...other });

/** What is done where, stage by stage. */
function acts(operation: Operation | undefined): readonly string[] {
  return (operation?.stages ?? []).map((stage) => stage.acts.map(({ host, id }) => `${host} ${id}`).join(', '));
}
function refusal(plan: () => unknown): string {
  try {
    plan();
  } catch (error) {
    if (error instanceof OperationRefusedError) return error.message;
    throw error;
  }
  return 'not refused';
}

describe('database/switchover', () => {
  const plan = (members: readonly Member[], force = false) => planSwitchover('web-02', members, { ...LIMITS, force });

  it('closes the old one, opens the new one with all that it had, and has all others follow', () => {
    expect(acts(plan(group(aNode(), aReplicaNode(), third())))).to.deep.equal([
      'web-01 take over, web-02 take over, web-03 take over',
      'web-01 close',
      'web-02 open',
      'web-01 follow web-02, web-03 follow web-02',
    ]);
  });

  it('waits for what the old one said when it was closed, and takes nothing else for a position', () => {
    const open = plan(group(aNode(), aReplicaNode()))?.stages[2]?.acts[0];
    expect(mask(open?.script(() => `${U1}:1-7,\n${U2}:1\n`) ?? '')).to.contain(
      `WAIT_FOR_EXECUTED_GTID_SET('${U1}:1-7,${U2}:1', 10)`,
    );
    expect(() => open?.script(() => "x'); DROP DATABASE app; --")).to.throw(/no set of transactions/);
  });

  it('goes back by closing the new one first', () => {
    const undo = plan(group(aNode(), aReplicaNode()))?.undo ?? [];
    expect(undo.map((stage) => stage.acts.map(({ host, id }) => `${host} ${id}`).join())).to.deep.equal([
      'web-02 close',
      'web-01 open',
      'web-02 follow web-01',
    ]);
    expect(undo[0]?.onFailure).to.equal('stop');
  });

  it('has nothing to do for the primary itself', () => {
    expect(planSwitchover('web-01', group(aNode(), aReplicaNode()), LIMITS)).to.equal(undefined);
  });

  it('refuses what would lose data', () => {
    const broken = (channel: Parameters<typeof aReplication>[0]) =>
      refusal(() => plan(group(aNode(), aReplicaNode({ channel: aReplication(channel) }))));
    expect(broken({ applier: 'stopped', applierError: { number: 1062, message: 'Duplicate entry' } })).to.contain(
      'its applier is stopped (error 1062',
    );
    expect(broken({ receiver: 'connecting' })).to.contain('its receiver is connecting');
    expect(broken({ secondsBehind: 60 })).to.contain('it is 60 s behind, and 5 s are allowed');
    expect(broken({ secondsBehind: undefined })).to.contain('at an unknown distance');
    expect(broken({ sourceHost: '10.0.0.99' })).to.contain('it does not replicate from web-01, but from 10.0.0.99');
    expect(broken({ sourceUuid: U2 })).to.contain('is not the one that answers as web-01 now');
    expect(refusal(() => plan(group(aNode(), aReplicaNode({ gtid: gtid(`${U1}:1-100,${U2}:1-3`) }))))).to.contain(
      `3 transactions (${U2}:1-3)`,
    );
    const async = aNode({ semiSync: { sourceActive: false, clients: 0, replicaActive: false } });
    expect(refusal(() => plan(group(async, aReplicaNode())))).to.contain('commits on web-01 do not wait for it');
    expect(refusal(() => plan(group(aNode(), STOPPED)))).to.contain('web-02 does not answer');
    expect(refusal(() => plan(group(aNode(), undefined)))).to.contain('web-02 cannot be reached');
    expect(refusal(() => plan(group(aNode(), aNode())))).to.contain('web-01 and web-02 both take writes');
    expect(refusal(() => plan(group(STOPPED, aReplicaNode())))).to.contain('no database server takes writes');
    const old = third({ server: aServer({ serverId: 23, version: '8.4.0', readOnly: true }) });
    expect(refusal(() => plan(group(aNode(), aReplicaNode(), old)))).to.contain(
      'web-03 runs version 8.4.0, which cannot follow 9.7.4',
    );
  });

  it('lets a person allow a distance, but never other data', () => {
    const behind = group(aNode(), aReplicaNode({ channel: aReplication({ secondsBehind: 60 }) }));
    expect(acts(plan(behind, true))).to.have.length(4);
    expect(refusal(() => plan(group(aNode(), aReplicaNode({ gtid: gtid(`${U2}:1`) })), true))).to.contain('1 transaction');
  });

  it('tells a person of servers that will have to follow later', () => {
    expect(plan(group(aNode(), aReplicaNode(), STOPPED))?.warnings.join()).to.contain('provision db rejoin web-03');
  });
});

describe('database/failover', () => {
  const dead = { channel: aReplication({ receiver: 'connecting' as const, receiverError: { number: 2003, message: 'away' } }) };

  it('applies what was fetched, fences the old one where it can be reached, and opens the most advanced', () => {
    const members = group(
      STOPPED,
      aReplicaNode({ ...dead, gtid: gtid(`${U1}:1-90`) }),
      third({ ...dead, gtid: gtid(`${U1}:1-95`) }),
    );
    expect(acts(planFailover(undefined, members, FAILOVER))).to.deep.equal([
      'web-01 fence, web-03 apply, web-02 apply',
      'web-03 open',
      'web-02 follow web-03',
    ]);
  });

  it('counts what was fetched and not applied yet', () => {
    const fetched = aReplicaNode({ ...dead, gtid: gtid(`${U1}:1-90`), retrieved: `${U1}:80-99` });
    const members = group(STOPPED, fetched, third({ ...dead, gtid: gtid(`${U1}:1-95`) }));
    expect(planFailover(undefined, members, FAILOVER)?.primary).to.equal('web-02');
    expect(refusal(() => planFailover('web-03', members, FAILOVER))).to.contain('web-02 has transactions that it lacks');
  });

  it('says that an old one that cannot be reached is not fenced', () => {
    const operation = planFailover('web-02', group(undefined, aReplicaNode(dead)), FAILOVER);
    expect(acts(operation)[0]).to.equal('web-02 apply');
    expect(operation?.warnings.join()).to.match(/web-01 cannot be reached, so it is not closed/);
  });

  it('refuses while the old one still answers somebody, unless told', () => {
    const alive = group(aNode(), aReplicaNode());
    expect(refusal(() => planFailover('web-02', alive, FAILOVER))).to.contain('web-01 answers and takes writes');
    expect(acts(planFailover('web-02', alive, { ...FAILOVER, force: true }))[0]).to.equal('web-01 fence, web-02 apply');
    const seen = { ...FAILOVER, witnesses: ['web-02'] };
    expect(refusal(() => planFailover('web-02', group(undefined, aReplicaNode()), seen))).to.contain(
      'web-01 still answers web-02',
    );
  });

  it('stops before it opens one that turns out to have less than another', () => {
    const members = group(STOPPED, aReplicaNode(dead), third(dead));
    const open = planFailover('web-02', members, FAILOVER)?.stages[1]?.acts[0];
    const said = (host: string) => (host === 'web-02' ? `${U1}:1-100` : `${U1}:1-101`);
    expect(() => open?.script(said)).to.throw(/web-03 has more than web-02/);
    expect(() => open?.script(() => `${U1}:1-101`)).to.not.throw();
  });

  it('opens the one that a person names where none is left to follow', () => {
    const closed = aNode({ server: aServer({ readOnly: true, superReadOnly: true }) });
    expect(acts(planFailover('web-01', group(closed, STOPPED), FAILOVER))).to.deep.equal(['', 'web-01 open', '']);
  });
});

describe('database/rejoin', () => {
  it('follows the one that takes writes, and throws data away only when told to', () => {
    const former = aNode({ server: aServer({ readOnly: true, superReadOnly: true }), gtid: gtid(`${U1}:1-103`) });
    const primary = aReplicaNode({
      server: aServer({ serverUuid: U2 }),
      channel: undefined,
      gtid: gtid(`${U1}:1-100,${U2}:1-5`),
    });
    expect(refusal(() => planRejoin('web-01', group(former, primary), false))).to.contain(`3 transactions (${U1}:101-103)`);
    expect(planRejoin('web-01', group(former, primary), true).primary.host).to.equal('web-02');
    expect(planRejoin('web-01', group(STOPPED, primary), false).primary.host).to.equal('web-02');
    expect(refusal(() => planRejoin('web-02', group(STOPPED, primary), false))).to.contain('web-02 is the primary');
    expect(refusal(() => planRejoin('web-01', group(former, STOPPED), false))).to.contain('no server takes writes');
  });
});

describe('database/status', () => {
  it('finds nothing wrong with one primary that all follow', () => {
    const { servers, faults } = statusOf(group(aNode(), aReplicaNode()));
    expect(faults).to.deep.equal([]);
    expect(servers[0]).to.deep.include({ host: 'web-01', role: 'primary', semiSync: 'waits for 1' });
    expect(servers[1]).to.deep.include({
      host: 'web-02',
      role: 'replica',
      source: 'web-01',
      replication: 'running',
      lagSeconds: 0,
    });
  });

  it('says what is wrong', () => {
    const broken = aReplicaNode({
      gtid: gtid(`${U2}:1`),
      channel: aReplication({ applier: 'stopped', applierError: { number: 1062, message: 'Duplicate' } }),
    });
    const { faults } = statusOf(group(aNode(), broken, STOPPED, undefined));
    expect(faults).to.deep.equal([
      'web-02: replication is applier stopped, error 1062',
      `web-02 has 1 transaction (${U2}:1) that web-01 lacks`,
      'web-03 does not answer',
      'web-04 cannot be reached',
    ]);
    expect(statusOf(group(STOPPED, aReplicaNode())).faults[0]).to.equal('no server takes writes');
    expect(statusOf(group(aNode(), aNode())).faults[0]).to.equal('web-01 and web-02 both take writes');
  });
});
