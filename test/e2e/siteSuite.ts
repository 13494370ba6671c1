import { expect } from 'chai';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { packageRoot } from '../../src/util/packageRoot.js';
import type { Rig } from '../rig/rig.js';
import { bareRig } from '../rig/sharedRig.js';
import { ask, siteOf, type Site } from '../rig/siteClient.js';
import type { Flavour } from '../rig/state.js';
import { keepAliveLoad, servedBy, shakeHands } from './support/http.js';
import { faultsOf, provision, tasksThat } from './support/provision.js';
import { rebootAll, runningOn } from './support/reboot.js';
import { costOfSite } from './support/roundTrips.js';
import { until } from './support/until.js';

const HOSTS = ['lb-01', 'web-01', 'web-02'];

/** The main job, on hosts fresh from the base image, with one of the two database servers. */
export function siteSuite(flavour: Flavour): void {
  describe(`the whole site, with ${flavour}`, function () {
    this.timeout(600_000);
    let rig: Rig;
    let site: Site;

    before('start bare hosts', async function () {
      this.timeout(0);
      rig = await bareRig(flavour);
      site = siteOf(rig);
    });

    const client = flavour === 'mysql' ? 'mysql' : 'mariadb';
    async function root(host: string, command: string, input?: string): Promise<string> {
      const result = await rig.ssh(host, command, { root: true, ...(input === undefined ? {} : { input }) });
      expect(result.code, `${command} on ${host}: ${result.stderr}`).to.equal(0);
      return result.stdout.trim();
    }
    const sql = (host: string, statement: string) => root(host, `${client} -N -B`, statement);
    async function converged(...args: string[]) {
      const result = await provision(rig, ...args);
      expect(result.code, faultsOf(result)).to.equal(0);
      return result;
    }
    /** As `servedBy`, without Prometheus, whose probes would take turns of their own. */
    async function served(count: number): Promise<Readonly<Record<string, number>>> {
      await root('lb-01', 'systemctl stop prometheus');
      try {
        return await servedBy(site, count);
      } finally {
        await root('lb-01', 'systemctl start prometheus');
      }
    }
    async function settings(host: string, vars: Record<string, unknown> | undefined) {
      const file = join(dirname(rig.inventoryFile), 'host_vars', `${host}.yml`);
      mkdirSync(dirname(file), { recursive: true });
      if (vars === undefined) rmSync(file, { force: true });
      else writeFileSync(file, JSON.stringify(vars));
      await converged();
    }

    it('dry-runs on bare hosts without an error, and changes nothing on them', async () => {
      const before = await Promise.all(HOSTS.map((host) => rig.fingerprint(host)));
      const dry = await converged('--check', '--diff');
      expect(tasksThat(dry, 'changed').length).to.be.greaterThan(20);
      expect(await Promise.all(HOSTS.map((host) => rig.fingerprint(host)))).to.deep.equal(before);
    });

    it('builds the site in one run', async () => {
      const first = await converged();
      for (const host of HOSTS) expect(first.totals[host], host).to.deep.include({ failed: 0, unreachable: 0 });
    });

    it('has nothing to do in a second run, nor in a dry run', async () => {
      for (const args of [[], ['--check']]) {
        const again = await converged('--detailed-exitcode', ...args);
        expect(tasksThat(again, 'changed', 'unknown', 'failed')).to.deep.equal([]);
      }
    });

    it('leaves nothing that systemd has still to read', async () => {
      for (const host of Object.keys(rig.hosts)) {
        const { stdout } = await rig.ssh(host, "systemctl show -p NeedDaemonReload '*' | sort -u", { root: true });
        expect(stdout.trim(), host).to.equal('NeedDaemonReload=no');
      }
    });

    it('asks an unchanged host no more than five times after the login, on one session', async () => {
      for (const [host, { sessions, exchanges }] of Object.entries(await costOfSite(rig))) {
        expect(sessions, host).to.equal(1);
        expect(exchanges, host).to.be.within(1, 5);
      }
    });

    it('needed no Python on the hosts', async () => {
      for (const host of HOSTS) expect((await rig.ssh(host, 'command -v python3 perl6 python')).stdout).to.equal('');
    });

    it('serves requests from both web servers in turn', async () => {
      expect(await served(60)).to.deep.equal({ 'web-01': 30, 'web-02': 30 });
    });

    it('speaks HTTPS only: TLS 1.2 or later, HTTP/2, HSTS; plain text is sent there', async () => {
      const moved = await ask(site, '/x?y=1', { scheme: 'http' });
      expect(moved).to.deep.include({ status: 301, body: '' });
      expect(moved.headers).to.have.property('location', 'https://www.foobar.com/x?y=1');
      expect((await ask(site, '/')).headers).to.have.property('strict-transport-security', 'max-age=31536000');
      expect(await shakeHands(site)).to.deep.include({ protocol: 'TLSv1.3', alpn: 'h2' });
      expect(await shakeHands(site, { maxVersion: 'TLSv1.2', alpn: ['http/1.1'] })).to.deep.include({
        protocol: 'TLSv1.2',
        alpn: 'http/1.1',
      });
      const refused = await shakeHands(site, { maxVersion: 'TLSv1.1' }).catch((error: unknown) => String(error));
      expect(refused).to.contain('alert protocol version');
    });

    it('takes a new certificate without a reload, and loses no request over it', async () => {
      const state = () => root('lb-01', 'pidof haproxy; systemctl show -P StateChangeTimestampMonotonic haproxy');
      const [before, old] = [await state(), await shakeHands(site)];
      const load = keepAliveLoad(site, 4);
      const renewed = await converged('--extra-vars', '{"tls_names": ["www.foobar.com", "foobar.com"]}');
      const { requests, failures } = await load.stop();
      expect(tasksThat(renewed, 'changed')).to.deep.equal([
        'lb-01: certificate /etc/haproxy/tls/site.pem',
        'lb-01: haproxyCertificate /etc/haproxy/tls/site.pem',
      ]);
      const fresh = await shakeHands(site);
      expect(fresh.serial).to.not.equal(old.serial);
      expect(fresh.names).to.contain('DNS:foobar.com');
      expect(await state()).to.equal(before);
      expect(failures).to.deep.equal([]);
      expect(requests).to.be.greaterThan(20);
      await converged();
    });

    it('writes a note through the primary and reads it from the replica', async () => {
      const text = `a note of ${flavour}`;
      const posted = await ask(site, '/notes', { method: 'POST', body: text, headers: { 'content-type': 'text/plain' } });
      expect(posted.status, posted.body).to.equal(201);
      await until(async () => (await sql('web-02', 'SELECT text FROM app.notes')).includes(text));
      const read = await ask(site, '/notes');
      expect(JSON.parse(read.body)).to.deep.include({ role: 'replica' });
      expect(read.body).to.contain(text);
    });

    it("refuses the application's writes on the replica", async () => {
      const { mysql_app_password: password } = (
        parse(readFileSync(rig.inventoryFile, 'utf8')) as { all: { vars: Record<string, string> } }
      ).all.vars;
      const address = rig.hosts['web-02']?.address ?? '';
      const options = `[client]\nuser=app\npassword=${password ?? ''}\nhost=${address}\nssl-ca=/etc/mysql/tls/ca.pem\n`;
      const result = await rig.ssh(
        'web-01',
        `cat > /root/c.cnf; ${client} --defaults-extra-file=/root/c.cnf app -e "INSERT INTO notes(text) VALUES('x')"; r=$?; rm /root/c.cnf; exit $r`,
        {
          root: true,
          input: options,
        },
      );
      expect(result.code).to.not.equal(0);
      expect(result.stderr).to.match(/read.only/);
    });

    it('replicates with both threads, by GTID, over TLS', async () => {
      const status = await root('web-02', `${client} -E -e 'SHOW ${flavour === 'mysql' ? 'REPLICA' : 'SLAVE'} STATUS'`);
      const [word, threads] = flavour === 'mysql' ? ['Source', 'Replica'] : ['Master', 'Slave'];
      expect(status)
        .to.match(new RegExp(`${threads}_IO_Running: Yes`))
        .and.match(new RegExp(`${threads}_SQL_Running: Yes`));
      expect(status).to.match(new RegExp(`${word}_SSL_Allowed: Yes`));
      expect(status).to.match(flavour === 'mysql' ? /Auto_Position: 1/ : /Using_Gtid: Slave_Pos/);
    });

    it('follows weights, and active-passive with its fail-over', async () => {
      await settings('web-02', { haproxy_weight: 50 });
      expect(await served(60)).to.deep.equal({ 'web-01': 40, 'web-02': 20 });
      await settings('web-02', undefined);
      await settings('lb-01', { haproxy_mode: 'active-passive' });
      expect(await served(20)).to.deep.equal({ 'web-01': 20 });
      await root('web-01', 'systemctl stop nginx');
      await until(async () => (await servedBy(site, 5))['web-02'] === 5);
      expect(await served(20)).to.deep.equal({ 'web-02': 20 });
      await settings('lb-01', undefined);
      await until(async () => (await served(10))['web-01'] === 5);
    });

    it('loses no request over six HAProxy reloads under keep-alive load', async () => {
      const load = keepAliveLoad(site, 10);
      for (let reload = 0; reload < 6; reload++) await root('lb-01', 'systemctl reload haproxy');
      const { requests, failures } = await load.stop();
      expect(failures).to.deep.equal([]);
      expect(requests).to.be.greaterThan(100);
    });

    it('refuses a configuration that HAProxy rejects, and leaves the live one as it was', async () => {
      const project = mkdtempSync(join(tmpdir(), 'bogus-'));
      try {
        mkdirSync(join(project, 'playbooks'));
        mkdirSync(join(project, 'templates'));
        writeFileSync(
          join(project, 'playbooks/site.ts'),
          `export { default } from ${JSON.stringify(join(packageRoot(), 'playbooks/site.ts'))};\n`,
        );
        const good = readFileSync(join(packageRoot(), 'templates/haproxy.cfg.ejs'), 'utf8');
        writeFileSync(join(project, 'templates/haproxy.cfg.ejs'), `${good}  no such keyword\n`);
        const before = await root('lb-01', 'sha256sum /etc/haproxy/haproxy.cfg; ls -lA --time-style=full-iso /etc/haproxy');
        const result = await provision(rig, join(project, 'playbooks/site.ts'));
        expect(result.code).to.equal(1);
        expect(tasksThat(result, 'failed')).to.deep.equal(['lb-01: template /etc/haproxy/haproxy.cfg']);
        expect(faultsOf(result)).to.contain('no such keyword');
        expect(await root('lb-01', 'sha256sum /etc/haproxy/haproxy.cfg; ls -lA --time-style=full-iso /etc/haproxy')).to.equal(
          before,
        );
        expect(await served(10)).to.deep.equal({ 'web-01': 5, 'web-02': 5 });
      } finally {
        rmSync(project, { recursive: true });
      }
    });

    it('takes back what would lock it out, and goes on to log in with its key', async () => {
      // OpenSSH 10.6 writes its keywords as in the manual, and root's setting by its other name.
      const sshd = () => root('lb-01', 'sshd -T | grep -iE "^(permitroot|passwordauth|allowusers)"');
      const before = await sshd();
      expect(before).to.match(/^permitrootlogin (without|prohibit)-password\npasswordauthentication no$/i);
      const options = JSON.stringify({ ssh_options: { AllowUsers: 'nobody' } });
      const result = await provision(rig, '--limit', 'lb-01', '--tags', 'hardening', '--extra-vars', options);
      expect(result.code).to.equal(1);
      expect(faultsOf(result)).to.contain('no new login to lb-01 confirmed it').and.contain('the old state is back');
      expect(await sshd()).to.equal(before);
    });

    it('repairs what was changed by hand', async () => {
      await root(
        'lb-01',
        'echo "# by hand" >> /etc/haproxy/haproxy.cfg; chmod 644 /etc/haproxy/haproxy.cfg; systemctl stop haproxy',
      );
      await root('web-01', 'rm /etc/nginx/sites-enabled/foobar; systemctl disable --now foobar; chmod 666 /etc/foobar/app.env');
      await root('web-02', 'rm -rf /srv/foobar/releases/*; hostname wrong; systemctl disable --now logrotate.timer');
      await sql('web-02', flavour === 'mysql' ? 'STOP REPLICA' : 'STOP SLAVE');
      const dry = await converged('--check');
      expect(tasksThat(dry, 'failed')).to.deep.equal([]);
      const repaired = await converged();
      expect(tasksThat(repaired, 'changed').length).to.be.greaterThan(8);
      expect(tasksThat(await converged(), 'changed')).to.deep.equal([]);
      await until(async () => (await served(10))['web-01'] === 5);
    });

    it('has all services, rules and the replication back after a reboot of every host', async () => {
      const states = () => Promise.all(HOSTS.map((host) => runningOn(rig, host)));
      const before = await states();
      await rebootAll(rig, HOSTS);
      await until(async () => {
        expect(await states()).to.deep.equal(before);
        return true;
      });
      await until(async () => (await served(10))['web-01'] === 5);
      const text = `written after the reboot of ${flavour}`;
      await until(async () => (await ask(site, '/notes', { method: 'POST', body: text })).status === 201);
      await until(async () => (await sql('web-02', 'SELECT text FROM app.notes')).includes(text));
      expect(tasksThat(await converged(), 'changed')).to.deep.equal([]);
    });

    it('gives a new replica all of a primary that has data, though its binary logs are gone', async () => {
      await sql('web-01', BIG_TABLE[flavour]);
      await sql(
        'web-01',
        flavour === 'mysql' ? 'FLUSH BINARY LOGS; PURGE BINARY LOGS BEFORE NOW() + INTERVAL 1 HOUR' : 'FLUSH BINARY LOGS',
      );
      await rig.reset('web-02');
      if (flavour === 'mariadb') await sql('web-01', 'PURGE BINARY LOGS BEFORE NOW() + INTERVAL 1 HOUR');
      await converged();
      const count = 'SELECT COUNT(*), SUM(CRC32(v)) FROM app.big';
      expect(await sql('web-01', count)).to.match(/^400000\t/);
      await until(async () => (await sql('web-02', count)) === (await sql('web-01', count)));
      expect(tasksThat(await converged(), 'changed')).to.deep.equal([]);
    });
  });
}

/** 400,000 rows, some 80 MB. */
const BIG_TABLE: Readonly<Record<Flavour, string>> = {
  mysql: `CREATE TABLE app.big (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(200)); SET SESSION cte_max_recursion_depth = 400000;
    INSERT INTO app.big (v) WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 400000) SELECT REPEAT(SHA2(n, 256), 3) FROM s;`,
  mariadb: `CREATE TABLE app.big (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(200)); INSERT INTO app.big (v) SELECT REPEAT(SHA2(seq, 256), 3) FROM app.seq_1_to_400000;`,
};
