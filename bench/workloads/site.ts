import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { quote } from '../../src/util/shell.js';
import { sqlString } from '../../src/util/sql.js';
import { proxyPort } from '../../test/rig/hostFiles.js';
import { sshWith } from '../floor.js';
import { measure } from '../measure.js';
import { CHANGED, provision, UNCHANGED } from '../ours.js';
import type { Bench, Command, Workload } from '../workload.js';
import { added, mustAgree, record, siteHosts, stateOf, type HostState, type SiteRole } from './siteHosts.js';
import { openSlowLine } from './slowLine.js';

const ROLES = ['lb', 'primary', 'replica'] as const satisfies readonly SiteRole[];

type States = Readonly<Record<SiteRole, HostState>>;

const folder = (bench: Bench): string => join(bench.folder, 'site');

function ours(bench: Bench, code: number): Command {
  const args = [join(bench.root, 'playbooks/site.ts'), '--output', 'plain', '--detailed-exitcode'];
  return provision({ ...bench, inventory: bench.siteInventory }, args, code);
}

function floor(bench: Bench, options: readonly string[]): Command {
  const hosts = siteHosts(bench);
  const lines = ROLES.map((role) => sshWith(hosts[role], options).map(quote).join(' '));
  return { argv: ['sh', join(bench.root, 'bench/workloads/site-local.sh'), folder(bench), ...lines], code: 0 };
}

/**
 * Makes the site once, and keeps what the floor needs of it: which packages were asked for, which files were written since they
 * are there, which accounts the database has, which units run. Then the floor makes it, and both must agree.
 */
async function prepare(bench: Bench): Promise<void> {
  const hosts = siteHosts(bench);
  await reset(bench);
  const before = states(bench);
  await measure(ours(bench, CHANGED));
  const after = states(bench);
  for (const role of ROLES) {
    const own = join(folder(bench), role);
    mkdirSync(own, { recursive: true, mode: 0o700 });
    execFileSync('tar', ['xz', '-C', own], { input: record(bench, hosts[role], role) });
    writeFileSync(join(own, 'packages'), lines(added(before[role].wanted, after[role].wanted)));
    writeFileSync(join(own, 'units'), lines(added(before[role].units, after[role].units)));
    writeFileSync(join(own, 'statements.sql'), statements(bench, role));
    copyFileSync(join(bench.root, 'bench/workloads/site-host.sh'), join(own, 'site-host.sh'));
  }
  pack(bench, 1);
  await reset(bench);
  await measure(floor(bench, []));
  const floors = states(bench);
  for (const role of ROLES) mustAgree(hosts[role].name, after[role], floors[role]);
  await measure(ours(bench, UNCHANGED));
  pack(bench, 0);
}

/**
 * Makes what the floor sends.
 * @param pause seconds between the last file and the start of the services. Our run believes that a process that it did not start
 *   has read a file where it began in a later second than the file's: for the proof, not for the time, the floor waits that long.
 */
function pack(bench: Bench, pause: 0 | 1): void {
  for (const role of ROLES) {
    const own = join(folder(bench), role);
    writeFileSync(join(own, 'pause'), `${pause}\n`);
    execFileSync('tar', ['czf', `${own}.tgz`, '-C', own, '.']);
  }
}

/** Bare hosts whose package lists are some days old, as those of new hosts are: whoever installs has to refresh them. */
async function reset(bench: Bench): Promise<void> {
  await bench.bare();
  await bench.everywhere("touch -d '2 days ago' /var/lib/apt/lists");
}

function states(bench: Bench): States {
  const { lb, primary, replica } = siteHosts(bench);
  return { lb: stateOf(bench, lb), primary: stateOf(bench, primary), replica: stateOf(bench, replica) };
}

const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('');

const inventory = z.object({ all: z.object({ vars: z.object({ mysql_replication_password: z.string() }) }) });

/** What a server is told that is in none of its files and is no account. */
function statements(bench: Bench, role: SiteRole): string {
  switch (role) {
    case 'lb':
      return '';
    case 'primary':
      return 'SET GLOBAL rpl_semi_sync_master_enabled = ON;\nSET GLOBAL read_only = OFF;\n';
    case 'replica': {
      const { vars } = inventory.parse(parse(readFileSync(bench.siteInventory, 'utf8'))).all;
      return `CHANGE MASTER TO MASTER_HOST = '${siteHosts(bench).primary.address}', MASTER_PORT = 3306, MASTER_USER = 'repl',
  MASTER_PASSWORD = ${sqlString(vars.mysql_replication_password)}, MASTER_USE_GTID = slave_pos, MASTER_SSL = 1,
  MASTER_SSL_CA = '/etc/mysql/tls/ca.pem', MASTER_SSL_VERIFY_SERVER_CERT = 1, MASTER_CONNECT_RETRY = 5, MASTER_HEARTBEAT_PERIOD = 5;
START SLAVE;
`;
    }
  }
}

/** The whole site from bare hosts. The floor knows every file's text beforehand, and installs all of a host's packages at once. */
export const site: Workload = {
  name: 'site',
  title: 'first run of the whole site on 3 bare hosts, packages from a cache',
  hosts: 3,
  goal: { asked: 1.3, aim: 1.1 },
  mostRuns: 2,
  prepare,
  reset,
  leave: (bench) => bench.bare(), // the site's firewall lets in nobody but to the site
  floor,
  ours: (bench) => ours(bench, CHANGED),
  peers: () => undefined,
};

/** What the three hosts' line carries, in bytes a second: 100 Mbit. */
const LINE = 12_500_000;

/** Where the hosts find it: a port of their bridge's address. */
const LINE_PORT = proxyPort + 1;

/**
 * The same without a cache near the hosts: the packages come over a line as a mirror's do. It is made slow here, as a mirror's own
 * speed is another one each time, and it would be asked for some 150 MB a run.
 */
export const siteUncached: Workload = {
  ...site,
  name: 'site-uncached',
  title: 'the same, packages over a line of 100 Mbit/s for all three',
  mostRuns: 1,
  prepare: async (bench) => {
    if (!existsSync(join(folder(bench), 'lb.tgz'))) await prepare(bench);
    const host = gateway(bench);
    await openSlowLine({ host, port: LINE_PORT }, { host, port: proxyPort }, LINE);
  },
  reset: async (bench) => {
    await reset(bench);
    const url = `http://${gateway(bench)}:${LINE_PORT}`;
    await bench.everywhere(`echo 'Acquire::http::Proxy "${url}";' >/etc/apt/apt.conf.d/02line`);
  },
};

/** The address of the hosts' bridge, where the rig's proxy is. */
function gateway(bench: Bench): string {
  return siteHosts(bench).lb.address.replace(/\d+$/, '1');
}
