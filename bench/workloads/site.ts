import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { quote } from '../../src/util/shell.js';
import { sqlString } from '../../src/util/sql.js';
import { sshWith } from '../floor.js';
import { measure } from '../measure.js';
import { CHANGED, provision, UNCHANGED } from '../ours.js';
import type { Bench, BenchHost, Command, Workload } from '../workload.js';

/** What the floor sends to a host: everything that a first run leaves there in files of its own. */
const FILES = {
  lb: ['etc/hosts', 'etc/haproxy/haproxy.cfg'],
  web: [
    'etc/hosts',
    'etc/mysql/tls',
    'etc/mysql/mariadb.conf.d/zz-provision.cnf',
    'etc/foobar',
    'srv/foobar',
    'etc/systemd/system/foobar.service',
    'etc/nginx/sites-available/foobar',
    'etc/nginx/sites-enabled/foobar',
  ],
} as const;

const inventory = z.object({
  all: z.object({ vars: z.object({ mysql_app_password: z.string(), mysql_replication_password: z.string() }) }),
});

interface Site {
  readonly lb: BenchHost;
  readonly primary: BenchHost;
  readonly replica: BenchHost;
}

function siteOf({ hosts: [lb, primary, replica] }: Bench): Site {
  if (lb === undefined || primary === undefined || replica === undefined) throw new Error('the site takes three hosts');
  return { lb, primary, replica };
}

const folder = (bench: Bench): string => join(bench.folder, 'site');

function ours(bench: Bench, code: number): Command {
  const args = [join(bench.root, 'playbooks/site.ts'), '--output', 'plain', '--detailed-exitcode'];
  return provision({ ...bench, inventory: bench.siteInventory }, args, code);
}

function floor(bench: Bench, options: readonly string[]): Command {
  const { lb, primary, replica } = siteOf(bench);
  const lines = [lb, primary, replica].map((host) => sshWith(host, options).map(quote).join(' '));
  return { argv: ['sh', join(bench.root, 'bench/workloads/site-local.sh'), folder(bench), ...lines], code: 0 };
}

/** Makes the site once, and keeps what the floor needs; then both must agree on what the other one made. */
async function prepare(bench: Bench): Promise<void> {
  await bench.bare();
  await measure(ours(bench, CHANGED));
  const { lb, primary, replica } = siteOf(bench);
  for (const [name, host, files] of [
    ['lb', lb, FILES.lb],
    ['primary', primary, FILES.web],
    ['replica', replica, FILES.web],
  ] as const) {
    const own = join(folder(bench), name);
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, 'files.tgz'), output(host, `sudo -n tar cz -C / ${files.join(' ')}`), { mode: 0o600 });
    copyFileSync(join(bench.root, 'bench/workloads/site-host.sh'), join(own, 'site-host.sh'));
  }
  const { vars } = inventory.parse(parse(readFileSync(bench.siteInventory, 'utf8'))).all;
  writeFileSync(join(folder(bench), 'primary.sql'), primarySql([primary.address, replica.address], vars), { mode: 0o600 });
  writeFileSync(join(folder(bench), 'replica.sql'), replicaSql(primary.address, vars), { mode: 0o600 });
  await bench.bare();
  await measure(floor(bench, []));
  await measure(ours(bench, UNCHANGED));
}

function output({ ssh: [program, ...args] }: BenchHost, command: string): Buffer {
  return execFileSync(program, [...args, command], { maxBuffer: 1 << 28 });
}

type Passwords = z.output<typeof inventory>['all']['vars'];

function primarySql(addresses: readonly string[], { mysql_app_password: app, mysql_replication_password: repl }: Passwords) {
  const account = (name: string, address: string, password: string, grant: string) =>
    `CREATE USER '${name}'@'${address}' IDENTIFIED BY ${sqlString(password)} REQUIRE SSL;
GRANT ${grant} TO '${name}'@'${address}';\n`;
  return [
    'CREATE DATABASE app;\n',
    ...addresses.flatMap((address) => [
      account('app', address, app, 'SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX, DROP, REFERENCES ON app.*'),
      account('repl', address, repl, 'REPLICATION SLAVE ON *.*'),
    ]),
  ].join('');
}

function replicaSql(address: string, { mysql_replication_password: password }: Passwords): string {
  return `CHANGE MASTER TO MASTER_HOST = '${address}', MASTER_PORT = 3306, MASTER_USER = 'repl',
  MASTER_PASSWORD = ${sqlString(password)}, MASTER_USE_GTID = slave_pos, MASTER_SSL = 1,
  MASTER_SSL_CA = '/etc/mysql/tls/ca.pem', MASTER_SSL_VERIFY_SERVER_CERT = 1, MASTER_CONNECT_RETRY = 5, MASTER_HEARTBEAT_PERIOD = 5;
START SLAVE;
SET GLOBAL read_only = ON;
`;
}

/** The whole site from bare hosts. The floor knows every file's text beforehand, and installs all of a host's packages at once. */
export const site: Workload = {
  name: 'site',
  title: 'first run of the whole site on 3 bare hosts, packages from a cache',
  hosts: 3,
  goal: { asked: 1.3, aim: 1.1 },
  mostRuns: 2,
  prepare,
  reset: (bench) => bench.bare(),
  floor,
  ours: (bench) => ours(bench, CHANGED),
  peers: () => undefined,
};
