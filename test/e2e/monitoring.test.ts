import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Rig } from '../rig/rig.js';
import { packageRoot } from '../../src/util/packageRoot.js';
import { cutOff } from './support/cutOff.js';
import { firing, query, receiveAlerts, type Receiver } from './support/alerts.js';
import { converge, groupVars, haRig, stopHaRig } from './support/haRig.js';
import { root } from './support/root.js';
import { provisionText } from './support/provision.js';
import { until } from './support/until.js';

const MON = 'mon-01';

/** Something that breaks, how it is mended, and the alerts that tell of it. */
interface Fault {
  readonly what: string;
  readonly alerts: readonly string[];
  /** By host: what breaks it and what mends it, as root. */
  readonly hosts: Readonly<Record<string, { readonly cause: string; readonly mend: string }>>;
}

const unit = (name: string) => ({ cause: `systemctl stop ${name}`, mend: `systemctl start ${name}` });

/** Faults of a round are there at the same time. */
const ROUNDS: readonly (readonly Fault[])[] = [
  [
    { what: 'a load balancer stops', alerts: ['LoadBalancerDown'], hosts: { 'lb-02': unit('haproxy') } },
    { what: 'a web server stops', alerts: ['BackendServerDown'], hosts: { 'web-02': unit('nginx') } },
    {
      what: 'replication stops',
      alerts: ['ReplicationBroken'],
      hosts: { 'web-02': { cause: "mariadb -e 'STOP SLAVE'", mend: "mariadb -e 'START SLAVE'" } },
    },
    {
      what: 'a unit fails',
      alerts: ['ServiceFailed'],
      hosts: {
        'web-01': { cause: 'systemd-run --quiet --unit=faulty false', mend: 'systemctl reset-failed faulty.service' },
      },
    },
    {
      what: 'a backup fails',
      alerts: ['BackupFailed'],
      hosts: {
        'web-02': {
          // Another one is being made, for longer than anybody expects.
          cause:
            'systemd-run --quiet --collect --unit=other flock /var/backups/mysql/.lock sleep 300; ' +
            'while flock -n /var/backups/mysql/.lock true; do :; done; ! systemctl start provision-db-backup.service',
          mend: 'systemctl stop other.service; systemctl start provision-db-backup.service',
        },
      },
    },
    {
      what: 'a part of the monitoring stops',
      alerts: ['MonitoringDown'],
      hosts: { [MON]: unit('prometheus-blackbox-exporter') },
    },
  ],
  [
    {
      what: 'nobody holds the virtual address',
      alerts: ['VrrpNoOrTwoMasters', 'SiteUnreachable'],
      hosts: { 'lb-01': unit('keepalived'), 'lb-02': unit('keepalived') },
    },
    {
      what: 'two databases take writes',
      alerts: ['NoOrTwoWritableDatabases'],
      hosts: {
        'web-02': { cause: "mariadb -e 'SET GLOBAL read_only = 0'", mend: "mariadb -e 'SET GLOBAL read_only = 1'" },
      },
    },
    {
      what: 'no backup came for years',
      alerts: ['BackupTooOld'],
      hosts: {
        'web-02': {
          cause:
            "systemctl start provision-db-backup.service; sed -i 's/ [0-9]*$/ 1000/' /var/lib/prometheus/node-exporter/provision-backup.prom",
          mend: 'systemctl start provision-db-backup.service',
        },
      },
    },
  ],
  [
    {
      what: 'all web servers stop',
      alerts: ['NoBackendServer', 'High5xxRate', 'SiteUnreachable'],
      hosts: { 'web-01': unit('nginx'), 'web-02': unit('nginx') },
    },
    {
      what: 'the replica stops',
      alerts: ['DatabaseDown', 'ReplicationMissing'],
      hosts: { 'web-02': unit('mariadb') },
    },
  ],
  [
    {
      what: 'a replica cannot write what it receives',
      alerts: ['ReplicationLag'],
      hosts: {
        'web-02': {
          cause: "systemd-run --quiet --collect --unit=hold mariadb -e 'FLUSH TABLES WITH READ LOCK; SELECT SLEEP(300)'",
          mend: 'systemctl stop hold.service',
        },
        'web-01': {
          cause:
            'systemd-run --quiet --collect --unit=write sh -c \'while sleep 1; do mariadb app -e "INSERT INTO notes (text, host) VALUES (NOW(), 1)"; done\'',
          mend: 'systemctl stop write.service',
        },
      },
    },
  ],
  [
    {
      what: 'a host is cut off',
      alerts: ['HostDown'],
      hosts: { 'lb-02': { cause: cutOff(80, 'GATEWAY'), mend: 'true' } },
    },
  ],
];

describe('the monitoring of the site', function () {
  this.timeout(600_000);
  let rig: Rig;
  let receiver: Receiver;
  let gateway: string;

  before('start hosts with the site on them', async function () {
    this.timeout(0);
    receiver = await receiveAlerts();
    rig = await haRig({ name: 'watched' });
    gateway = (rig.hosts[MON]?.address ?? '').replace(/\.\d+$/, '.1');
    receivers({ alert_replication_lag: 10 });
    await converge(rig);
  });
  after('take them down', async function () {
    this.timeout(60_000);
    groupVars(rig, 'all');
    await receiver.stop();
    await stopHaRig(rig);
  });

  const receivers = (vars: Readonly<Record<string, unknown>> = {}, port = receiver.port) => {
    groupVars(rig, 'all', { alert_webhook_url: `http://${gateway}:${port}/`, ...vars });
  };
  /** Some rules look back five minutes. */
  const quiet = (seconds = 120) => until(async () => (await firing(rig, MON)).length === 0, seconds);

  const judge = async (name: string) => {
    const cases = readFileSync(`${packageRoot()}/test/fixtures/alerts/${name}.yml`, 'utf8');
    await root(rig, MON, `cat >/root/${name}.yml; promtool test rules /root/${name}.yml`, cases);
  };

  it('asks every host, load balancer and database, and its own daemons', async () => {
    const wanted = [
      ...['lb-01', 'lb-02', 'web-01', 'web-02', 'mon-01'].map((host) => `node ${host}`),
      ...['lb-01', 'lb-02'].map((host) => `haproxy ${host}`),
      ...['web-01', 'web-02'].map((host) => `mysql ${host}`),
      ...['prometheus', 'alertmanager', 'blackbox'].map((job) => `${job} ${MON}`),
      'site',
    ];
    // A daemon that has just started has asked nobody yet.
    const up = await until(async () => {
      const rows = await query(rig, MON, 'up == 1');
      return rows.length >= wanted.length && rows;
    }, 90);
    expect(up.map(({ metric }) => `${metric['job'] ?? ''} ${metric['host'] ?? ''}`.trim())).to.have.members(wanted);
    expect(await query(rig, MON, 'mysql_up == 1')).to.have.length(2);
    expect(await query(rig, MON, 'mysql_slave_status_slave_io_running')).to.have.length(1);
  });

  it('is silent while all is well, and so is provision status', async () => {
    await quiet(360);
    await until(async () => (await provisionText(rig, 'status')).stdout.includes('all is well: 5 of 5 hosts reached'));
    expect((await provisionText(rig, 'status')).code).to.equal(0);
  });

  it('shows its pages on the loopback address only, and exporters on the address of the site only', async () => {
    const { address = '' } = rig.hosts[MON] ?? {};
    for (const port of [9090, 9093, 9094, 9115]) {
      expect(await isOpen(address, port), String(port)).to.equal(false);
    }
    expect(await root(rig, 'web-01', "ss -ltnH '( sport = :9100 or sport = :9104 )' | awk '{print $4}' | sort")).to.equal(
      `${rig.hosts['web-01']?.address ?? ''}:9100\n${rig.hosts['web-01']?.address ?? ''}:9104`,
    );
  });

  it("asks the databases with an account that sees no data, without a password, for the exporter's own account only", async () => {
    const grants = await root(rig, 'web-01', "mariadb -N -e 'SHOW GRANTS FOR prometheus@localhost'");
    expect(grants).to.contain('unix_socket').and.not.contain('ALL PRIVILEGES');
    const other = await rig.ssh('web-01', 'mariadb --user=prometheus -e "SELECT 1"');
    expect(other.code).to.not.equal(0);
    const own = await root(rig, 'web-01', 'setpriv --reuid=prometheus --clear-groups mariadb -N -e "SHOW DATABASES"');
    expect(own.split('\n')).to.not.include('app');
  });

  for (const round of ROUNDS) {
    const alerts = [...new Set(round.flatMap((fault) => fault.alerts))].sort();
    it(`tells it when ${round.map(({ what }) => what).join(', ')}: ${alerts.join(', ')}; and that it is over`, async () => {
      await quiet();
      const before = receiver.told.length;
      const seen = new Set<string>();
      const all = async (what: 'cause' | 'mend') => {
        for (const [host, commands] of round.flatMap(({ hosts }) => Object.entries(hosts))) {
          await root(rig, host, commands[what].replaceAll('GATEWAY', gateway));
        }
      };
      const told = (status: string) =>
        alerts.every((name) => receiver.told.slice(before).some((one) => one.status === status && one.name === name));
      try {
        await all('cause');
        await until(async () => {
          for (const name of await firing(rig, MON)) seen.add(name);
          return alerts.every((name) => seen.has(name));
        }, 180).catch((error: unknown) => expect.fail(`${String(error)}; seen: ${[...seen].join(', ')}`));
        await until(() => Promise.resolve(told('firing')), 60);
        const status = await provisionText(rig, 'status');
        expect(status.code).to.not.equal(0);
        for (const name of alerts) expect(status.stdout).to.contain(`alert ${name}: `);
      } finally {
        // A host that is cut off takes its time.
        await until(async () => {
          await all('mend');
          return true;
        }, 90);
      }
      await quiet();
      await until(() => Promise.resolve(told('resolved')), 120);
    });
  }

  it("tells of the site's certificate when it ends too soon", async () => {
    // It is good for a year: all that can be moved is when to tell.
    receivers({ alert_certificate_days: 1000 });
    await converge(rig, '--limit', MON);
    await until(async () => (await firing(rig, MON)).includes('CertificateExpiresSoon'), 60);
    receivers();
    await converge(rig, '--limit', MON);
    await quiet();
  });

  it('tells when nobody takes its alerts', async () => {
    receivers({}, 1);
    await converge(rig, '--limit', MON);
    await root(rig, 'web-01', 'systemd-run --quiet --unit=faulty false');
    await until(async () => (await firing(rig, MON)).includes('AlertsNotDelivered'), 120);
    await root(rig, 'web-01', 'systemctl reset-failed faulty.service');
    receivers();
    await converge(rig, '--limit', MON);
    // It looks back five minutes.
    await quiet(400);
  });

  it('judges clock, disk, memory and certificates as its rules say', async () => {
    await judge('machine');
  });

  it('judges backups as its rules say, each side of the hour', async () => {
    await judge('backups');
  });

  it('has every rule caused or judged', async () => {
    const rules = await root(rig, MON, "sed -n 's/^ *- alert: //p' /etc/prometheus/rules/*.yml");
    const shown = [
      ...ROUNDS.flat().flatMap(({ alerts }) => alerts),
      ...[
        'AlertsNotDelivered',
        'RuleNotEvaluated',
        'ClockSkew',
        'DiskAlmostFull',
        'MemoryLow',
        'CertificateExpiresSoon',
        'BackupMissing',
      ],
    ];
    expect(shown).to.include.members(rules.split('\n'));
  });
});

/** Whether something answers at a port, within two seconds. */
function isOpen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2000 });
    const end = (open: boolean) => () => {
      socket.destroy();
      resolve(open);
    };
    socket.on('connect', end(true)).on('timeout', end(false)).on('error', end(false));
  });
}
