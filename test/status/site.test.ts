import { expect } from 'chai';
import pc from 'picocolors';
import type { HaproxyServerState } from '../../src/facts/haproxy.js';
import type { MysqlNode, RunningNode } from '../../src/facts/mysqlNode.js';
import type { UnitState } from '../../src/facts/units.js';
import type { HostStatus } from '../../src/status/read.js';
import { siteStatus, type HostAnswer } from '../../src/status/site.js';
import { statusText } from '../../src/status/text.js';

const unit = (load: UnitState['load']): UnitState => ({
  systemd: true,
  load,
  active: 'active',
  enabled: 'enabled',
  type: 'notify',
  canReload: true,
  remains: false,
  needsDaemonReload: false,
});

const NOTHING: HostStatus = {
  haproxy: unit('not-found'),
  servers: { state: 'stopped', message: '' },
  virtual: [],
  certificates: [],
  database: { state: 'absent' },
  alerts: { state: 'absent' },
  failed: [],
};

const server = (name: string, change: Partial<HaproxyServerState> = {}): HaproxyServerState => ({
  backend: 'be_web',
  server: name,
  admin: 'ready',
  weight: 100,
  status: 'UP',
  sessions: 0,
  ...change,
});

const answer = (host: string, number: number, status: Partial<HostStatus> | undefined): HostAnswer => ({
  host,
  address: `10.0.0.${number}`,
  status: status && { ...NOTHING, ...status },
});

function balancer(name: string, number: number, held: boolean, servers = [server('web-01'), server('web-02')]) {
  return answer(name, number, {
    haproxy: unit('loaded'),
    servers: { state: 'running', servers },
    virtual: [{ instance: 'VI_1', address: '10.0.0.100', held }],
  });
}

function database(readOnly: boolean, source?: string, change: Partial<NonNullable<RunningNode['channel']>> = {}): MysqlNode {
  return {
    state: 'running',
    server: {
      state: 'running',
      flavour: 'mariadb',
      version: '10.11.18',
      serverId: 1,
      serverUuid: '',
      hostname: '',
      port: 3306,
      dataDirectory: '/var/lib/mysql',
      binaryLog: true,
      gtid: true,
      gtidStrict: true,
      readOnly,
      superReadOnly: false,
      tls: true,
      clonePlugin: false,
      reportHost: 'x',
      semiSyncSource: true,
      semiSyncReplica: true,
    },
    channel: source === undefined ? undefined : { ...CHANNEL, sourceHost: source, ...change },
    gtid: { executed: '', purged: '', slavePosition: '', binlogState: '', oldest: '' },
    retrieved: '',
    semiSync: { sourceActive: true, clients: 1, replicaActive: true },
  };
}

const CHANNEL: NonNullable<RunningNode['channel']> = {
  sourceHost: '',
  sourcePort: 3306,
  sourceUser: 'repl',
  sourceUuid: '',
  sourceServerId: 1,
  byGtid: true,
  tls: true,
  caFile: '',
  verifyName: true,
  receiver: 'running',
  applier: 'running',
  receiverError: undefined,
  applierError: undefined,
  secondsBehind: 0,
};

const NOW = Date.parse('2026-11-21T10:00:30Z');
const DAY = 86_400_000;

const WELL = [
  balancer('lb-01', 11, true),
  balancer('lb-02', 12, false),
  answer('web-01', 21, { database: database(false) }),
  answer('web-02', 22, {
    database: database(true, '10.0.0.21'),
    certificates: [{ path: '/c.pem', name: 'web-02', notAfter: NOW + 90 * DAY }],
  }),
  answer('mon-01', 31, { alerts: { state: 'running', alerts: [] } }),
];

const problems = (...answers: readonly HostAnswer[]) => {
  const changed = new Map(answers.map((one) => [one.host, one]));
  return siteStatus(
    WELL.map((one) => changed.get(one.host) ?? one),
    NOW,
  ).problems;
};

describe('status/site', () => {
  it('finds nothing wrong where all is well', () => {
    const site = siteStatus(WELL, NOW);
    expect(site.problems).to.deep.equal([]);
    expect(site.virtual).to.deep.equal([{ address: '10.0.0.100', holders: ['lb-01'] }]);
    expect(site.databases.map(({ host, role, source }) => [host, role, source])).to.deep.equal([
      ['web-01', 'primary', undefined],
      ['web-02', 'replica', 'web-01'],
    ]);
  });

  it('tells a virtual address that nobody, or more than one, holds', () => {
    expect(problems(balancer('lb-01', 11, false))).to.deep.equal(['nobody holds 10.0.0.100']);
    expect(problems(balancer('lb-02', 12, true))).to.deep.equal(['lb-01 and lb-02 both hold 10.0.0.100']);
  });

  it('tells a load balancer that does not answer, and servers that get no requests', () => {
    const silent = answer('lb-02', 12, {
      haproxy: unit('loaded'),
      virtual: [{ instance: 'VI_1', address: '10.0.0.100', held: false }],
    });
    expect(problems(silent)).to.deep.equal(['HAProxy on lb-02 does not answer']);
    const servers = [server('web-01', { status: 'DOWN' }), server('web-02', { admin: 'drain', status: 'DRAIN' })];
    expect(problems(balancer('lb-02', 12, false, servers))).to.deep.equal([
      'lb-02: be_web/web-01 is DOWN',
      'lb-02: be_web/web-02 is drained',
    ]);
  });

  it('tells what is wrong with databases', () => {
    const at = (node: MysqlNode) => problems(answer('web-02', 22, { database: node }));
    expect(at(database(false))).to.deep.equal(['web-01 and web-02 both take writes']);
    expect(at(database(true))).to.deep.equal(['web-02 takes no writes and follows nobody']);
    expect(at(database(true, '10.0.0.21', { applier: 'stopped' }))).to.deep.equal(['replication to web-02 has stopped']);
    expect(at(database(true, '10.0.0.21', { secondsBehind: 31 }))).to.deep.equal(['web-02 is 31 s behind']);
    expect(at({ state: 'stopped', message: 'x' })).to.deep.equal(['the database on web-02 does not answer']);
    expect(problems(answer('web-01', 21, { database: database(true, '10.0.0.22') }))).to.deep.equal(['no database takes writes']);
  });

  it('tells a certificate that ends soon, or has ended', () => {
    const until = (notAfter: number) =>
      problems(answer('mon-01', 31, { certificates: [{ path: '/c.pem', name: 'www.foobar.com', notAfter }] }));
    expect(until(NOW + 14 * DAY)).to.deep.equal([]);
    expect(until(NOW + 14 * DAY - 1)).to.deep.equal(['the certificate of www.foobar.com on mon-01 ends in 13 days']);
    expect(until(NOW - 1)).to.deep.equal(['the certificate of www.foobar.com on mon-01 has ended']);
  });

  it('tells hosts that were not reached, failed units, alerts that somebody is told of, and a silent Alertmanager', () => {
    expect(problems(answer('mon-01', 31, undefined))).to.deep.equal(['mon-01 cannot be reached']);
    expect(problems(answer('mon-01', 31, { failed: ['x.service'] }))).to.deep.equal(['x.service has failed on mon-01']);
    const one = { name: 'A', severity: 'critical', summary: 'it burns', since: '2026-11-21T10:00:00Z', suppressed: false };
    const alerts = [one, { ...one, name: 'B', suppressed: true }];
    expect(problems(answer('mon-01', 31, { alerts: { state: 'running', alerts } }))).to.deep.equal(['alert A: it burns']);
    expect(problems(answer('mon-01', 31, { alerts: { state: 'stopped', message: 'x' } }))).to.deep.equal([
      'Alertmanager on mon-01 does not answer',
    ]);
  });
});

describe('status/text', () => {
  const text = (answers: readonly HostAnswer[]) => statusText(siteStatus(answers, NOW), pc.createColors(false), NOW);

  it('shows a site that is well', () => {
    expect(text(WELL)).to.equal(
      [
        'Virtual address',
        '  10.0.0.100  lb-01',
        '',
        'Backend be_web',
        '          lb-01                       lb-02',
        '  web-01  UP, weight 100, 0 sessions  UP, weight 100, 0 sessions',
        '  web-02  UP, weight 100, 0 sessions  UP, weight 100, 0 sessions',
        '',
        'Databases',
        '  web-01  primary  MariaDB 10.11.18  takes writes, commits wait for a replica (1 there)',
        '  web-02  replica  MariaDB 10.11.18  of web-01, 0 s behind',
        '',
        'Certificates',
        '  web-02  90 days  web-02  /c.pem',
        '',
        'Alerts',
        '  none  says mon-01',
        '',
        'all is well: 5 of 5 hosts reached',
        '',
      ].join('\n'),
    );
  });

  it('ends with what is wrong, in words', () => {
    const alert = { name: 'A', severity: 'critical', summary: 'it burns', since: '2026-11-21T10:00:00Z', suppressed: false };
    const shown = text([
      answer('mon-01', 31, { alerts: { state: 'running', alerts: [alert] }, failed: ['x.service'] }),
      answer('lb-01', 11, undefined),
    ]);
    expect(shown).to.contain('  critical  A  it burns  for 30 s\n');
    expect(shown).to.contain('Failed units\n  mon-01  x.service\n');
    expect(shown).to.match(
      /3 problems, 1 of 2 hosts reached\n {2}lb-01 cannot be reached\n {2}x\.service has failed on mon-01\n {2}alert A: it burns\n$/,
    );
  });

  it('says nothing of what a site does not have', () => {
    expect(text([answer('web-01', 21, {})])).to.equal('all is well: 1 of 1 host reached\n');
  });
});
