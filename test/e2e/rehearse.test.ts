import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { ChangeReport } from '../../src/model/event.js';
import { packageRoot } from '../../src/util/packageRoot.js';
import type { Rig } from '../rig/rig.js';
import { bareRig } from '../rig/sharedRig.js';
import { makeProject, type Project } from './support/project.js';
import { faultsOf, provision, tasksThat, type Provisioned } from './support/provision.js';
import { until } from './support/until.js';

describe('a rehearsal on real hosts', function () {
  this.timeout(300_000);
  let rig: Rig;
  let project: Project;

  before('start bare hosts', async function () {
    this.timeout(0);
    rig = await bareRig('mariadb');
    project = makeProject();
  });
  after(() => {
    project.remove();
  });

  const HOSTS = ['lb-01', 'web-01', 'web-02'];
  const files = async () => Promise.all(HOSTS.map((host) => rig.fingerprint(host)));
  const root = async (host: string, command: string) => {
    const result = await rig.ssh(host, command, { root: true });
    expect(result.code, `${command}: ${result.stderr}`).to.equal(0);
    return result.stdout.trim();
  };
  /** What runs and is mounted on a host, apart from logins. */
  const running = async (host: string) =>
    root(
      host,
      `cut -d ' ' -f 5 /proc/1/mountinfo | grep -v ^/run/user | sort
       for p in /proc/[0-9]*; do
         case $(cat "$p/cgroup" 2>/dev/null) in *user.slice* | '') ;; *) tr '\\0' ' ' <"$p/cmdline"; echo ;; esac
       done | grep -v '^sshd: \\|^$\\|(sd-pam)\\|systemd --user' | sort
       for p in /proc/[0-9]*; do readlink "$p/ns/mnt"; done | sort -u | wc -l
       pgrep -f 'unshare|nsenter|apt-get' | wc -l`,
    );
  /** The changes of a task on a host; those that only a diff shows are by their summaries. */
  const changesOf = (run: Provisioned, host: string, start: string): readonly ChangeReport[] =>
    run.events.flatMap((event) =>
      event.type === 'task' && event.host === host && event.id.startsWith(start) ? event.changes : [],
    );
  /** The id of the task that installs a package. */
  const packagesWith = (run: Provisioned, host: string, name: string): string =>
    run.events
      .flatMap((event) =>
        event.type === 'task' && event.host === host && event.status === 'changed' && event.id.startsWith('package ')
          ? [event.id]
          : [],
      )
      .find((id) => id.split(' ').includes(name)) ?? `no package ${name}`;
  const created = (changes: readonly ChangeReport[]) =>
    changes.flatMap(({ summary, detail }) => {
      const path = /^create (\S+) /.exec(summary)?.[1];
      return detail === true && path !== undefined ? [path] : [];
    });

  it('rehearses the whole site on bare hosts, twice, and leaves nothing', async function () {
    this.timeout(900_000);
    const before = await files();
    const processes = await Promise.all(HOSTS.map(running));
    for (const round of [1, 2]) {
      const result = await provision(rig, 'rehearse', join(packageRoot(), 'playbooks/site.ts'));
      expect(result.code, `round ${round}: ${faultsOf(result)}`).to.equal(0);
      expect(tasksThat(result, 'failed', 'unknown')).to.deep.equal([]);
      // All roles' packages are one task.
      const nginx = changesOf(result, 'web-01', packagesWith(result, 'web-01', 'nginx'));
      expect(created(nginx)).to.include.members(['/etc/nginx/nginx.conf', '/etc/nginx/mime.types', '/etc/init.d/nginx']);
      const config = nginx.find(({ summary }) => summary.startsWith('create /etc/nginx/nginx.conf '));
      expect(config?.diff?.before).to.equal(undefined);
      expect(config?.diff?.after).to.match(/^http \{$/m);
      expect(nginx.map(({ summary }) => summary)).to.satisfy((all: string[]) =>
        all.some((one) => /^\/usr: \d+ files, /.test(one)),
      );
      expect(created(changesOf(result, 'lb-01', packagesWith(result, 'lb-01', 'haproxy')))).to.include(
        '/etc/haproxy/haproxy.cfg',
      );
      expect(changesOf(result, 'web-01', 'service nginx').map(({ summary }) => summary)).to.deep.equal([
        'start (announced only)',
      ]);
      expect(await files(), `round ${round}`).to.deep.equal(before);
    }
    expect(await Promise.all(HOSTS.map(running))).to.deep.equal(processes);
  });

  it('says of a package exactly what its installation then does to /etc', async () => {
    const book = project.playbook('nginx', {
      imports: { packages: 'provision/tasks/packages' },
      tasks: `packages({ name: 'nginx' })`,
    });
    const result = await provision(rig, 'rehearse', book);
    expect(result.code, faultsOf(result)).to.equal(0);
    const told = changesOf(result, 'lb-01', 'package nginx').flatMap(({ summary, detail }) =>
      detail === true ? [summary.replace(/^create /, '').replace(/[: ].*$/, '')] : [],
    );
    const before = await rig.fingerprint('lb-01');
    expect((await provision(rig, book)).code).to.equal(0);
    const after = await rig.fingerprint('lb-01');
    const done = Object.keys(after).filter((path) => path.startsWith('/etc/') && after[path] !== before[path]);
    // A folder in which something changed has an entry of its own below the host.
    expect(told.sort()).to.deep.equal(
      done.filter((path) => told.includes(path) || after[path]?.startsWith('folder') !== true).sort(),
    );
  });

  it('shows no secret, whatever file it gets into and whoever may read that', async () => {
    const secret = 'correct-horse-battery';
    const reversed = 'yrettab-esroh-tcerroc';
    const book = project.playbook('secret', {
      imports: {
        file: 'provision/tasks/file',
        command: 'provision/tasks/command',
        Secret: 'provision/secret',
      },
      tasks: `
        file({ path: '/etc/open.conf', content: new Secret('password=${secret}\\n', 'password=•••\\n') }),
        command({ name: 'derive', run: new Secret('echo ${secret} | rev >/etc/derived', 'echo ••• | rev'), creates: '/etc/derived' }),
        command({ name: 'append', run: 'echo more >>/etc/derived; echo done >/etc/done', creates: '/etc/done' }),
        command({ name: 'private', run: 'umask 077; echo for-root-only | tr a-z A-Z >/etc/private', creates: '/etc/private' })`,
    });
    const result = await provision(rig, 'rehearse', book);
    expect(result.code, faultsOf(result)).to.equal(0);
    for (const text of [secret, reversed, 'FOR-ROOT-ONLY']) expect(result.stdout).to.not.contain(text);
    expect(changesOf(result, 'lb-01', 'file')[0]?.diff).to.deep.equal({ after: 'password=•••\n' });
    const [, ...derived] = changesOf(result, 'lb-01', 'command derive');
    expect(derived.map(({ summary }) => summary).join()).to.match(/create \/etc\/derived .*not shown: the task holds a secret/);
    const appended = changesOf(result, 'lb-01', 'command append');
    expect(appended.find(({ summary }) => summary.startsWith('create /etc/done'))?.diff).to.deep.equal({ after: 'done\n' });
    expect(appended.find(({ summary }) => summary.startsWith('/etc/derived: content'))?.diff).to.equal(undefined);
  });

  it('keeps what acts on the machine away from it', async () => {
    const name = await root('lb-01', 'hostname');
    const book = project.playbook('machine', {
      imports: { command: 'provision/tasks/command' },
      tasks: `
        command({ name: 'name', run: 'hostname another', always: true }),
        command({ name: 'kernel', run: '! sysctl -w vm.swappiness=1 2>/dev/null; ! ip link add dummy9 type dummy 2>/dev/null', always: true }),
        command({ name: 'devices', run: '! mknod /etc/disk b 8 0 2>/dev/null; [ -z "$(find /dev -type b)" ]', always: true }),
        command({ name: 'units', run: 'systemctl enable --now ssh; systemctl stop ssh; ! systemctl is-active -q ssh', always: true }),
        command({ name: 'kill', run: '[ "$(ps -e | wc -l)" -lt 20 ]', always: true }),
        command({ name: 'firewall', run: 'touch /etc/never', always: true, live: true })`,
    });
    const before = await rig.fingerprint('lb-01');
    const result = await provision(rig, 'rehearse', book);
    expect(result.code, faultsOf(result)).to.equal(0);
    expect(changesOf(result, 'lb-01', 'command firewall').map(({ summary }) => summary)).to.deep.equal([
      'run touch /etc/never (announced only)',
    ]);
    expect(await root('lb-01', 'hostname; systemctl is-active ssh')).to.equal(`${name}\nactive`);
    expect(await rig.fingerprint('lb-01')).to.deep.equal(before);
  });

  it('tells what was removed, and what replaced a folder', async () => {
    await root(
      'lb-01',
      'mkdir -p /etc/old/deep /etc/new; echo one >/etc/old/one; echo two >/etc/old/deep/two; echo a >/etc/new/a; echo b >/etc/new/b',
    );
    const book = project.playbook('removal', {
      imports: { command: 'provision/tasks/command' },
      tasks: `
        command({ name: 'remove', run: 'rm -r /etc/old', removes: '/etc/old' }),
        command({ name: 'replace', run: 'rm -r /etc/new; mkdir /etc/new; echo B >/etc/new/b', unless: 'grep -q B /etc/new/b' }),
        command({ name: 'touch', run: 'touch /etc/new/b; mkdir /etc/x', creates: '/etc/x' }),
        command({ name: 'back', run: 'rmdir /etc/x; mkdir /etc/old; echo one >/etc/old/one', removes: '/etc/x' })`,
    });
    const result = await provision(rig, 'rehearse', book);
    const details = (task: string) =>
      changesOf(result, 'lb-01', `command ${task}`).flatMap(({ summary, detail }) => (detail === true ? [summary] : []));
    expect(details('remove')).to.deep.equal([
      'remove /etc/old',
      'remove /etc/old/deep',
      'remove /etc/old/deep/two',
      'remove /etc/old/one',
    ]);
    expect(details('replace')).to.deep.equal(['remove /etc/new/a', '/etc/new/b: content']);
    expect(
      changesOf(result, 'lb-01', 'command replace').find(({ summary }) => summary === '/etc/new/b: content')?.diff,
    ).to.deep.equal({
      before: 'b\n',
      after: 'B\n',
    });
    expect(details('touch').map((one) => one.replace(/ \(.*/, ''))).to.deep.equal(['create /etc/x']);
    // It undid what the first one did: a run would fail there, too.
    expect(result.code).to.equal(1);
    expect(faultsOf(result)).to.contain('a later task undid it');
  });

  it('leaves nothing when it is killed, interrupted or cut off in the middle', async () => {
    const book = project.playbook('slow', {
      imports: { command: 'provision/tasks/command' },
      tasks: `command({ name: 'slow', run: 'echo begun >/etc/begun; sleep 600', creates: '/etc/begun' })`,
    });
    const before = await rig.fingerprint('lb-01');
    const processes = await running('lb-01');
    const sleeping = async () => (await rig.ssh('lb-01', 'pgrep -x sleep')).code === 0;
    for (const [end, where] of [
      ['SIGKILL', []],
      ['SIGKILL', ['--scratch', '/dev/shm']],
      ['SIGINT', []],
      ['cut', ['--scratch', '/dev/shm']],
      ['cut', []],
    ] as const) {
      const main = join(packageRoot(), 'dist/cli/main.cjs');
      const argv = [main, 'rehearse', book, '-i', rig.inventoryFile, '--output', 'plain', ...where];
      const child = spawn(process.execPath, argv, { stdio: 'pipe' });
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
      const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
      await until(sleeping);
      if (end === 'cut')
        await rig.ssh('lb-01', 'pkill -KILL -u deploy -x sshd; pkill -KILL -u deploy -x sshd-session', { root: true });
      else child.kill(end);
      expect(await ended, said).to.equal({ SIGKILL: null, SIGINT: 130, cut: 3 }[end]);
      if (end === 'cut') expect(said).to.contain('the rehearsal there ended with it');
      await until(async () => !(await sleeping()));
      await until(async () => (await running('lb-01')) === processes, 10);
      await until(async () => (await root('lb-01', 'ls -A /dev/shm')) === '', 10);
      expect(await rig.fingerprint('lb-01'), end).to.deep.equal(before);
    }
  });

  it('takes the password that sudo wants', async () => {
    await root(
      'lb-01',
      `id pw >/dev/null 2>&1 || useradd -m -s /bin/sh pw; echo pw:right-one | chpasswd; echo 'pw ALL=(ALL) ALL' > /etc/sudoers.d/pw;
       install -d -m 700 -o pw ~pw/.ssh; install -m 600 -o pw ~deploy/.ssh/authorized_keys ~pw/.ssh/`,
    );
    const book = project.playbook('motd', {
      imports: { command: 'provision/tasks/command' },
      tasks: `command({ run: 'echo hello >/etc/hello', creates: '/etc/hello' })`,
    });
    const result = await provision(rig, 'rehearse', book, '-u', 'pw', '-e', 'ansible_become_password=right-one');
    expect(result.code, faultsOf(result)).to.equal(0);
    expect(created(changesOf(result, 'lb-01', 'command'))).to.deep.equal(['/etc/hello']);
    const wrong = await provision(rig, 'rehearse', book, '-u', 'pw', '-e', 'ansible_become_password=wrong-one');
    expect([wrong.code, faultsOf(wrong)].join(' ')).to.match(/^3 [^]*sudo refused the password/);
    await root('lb-01', 'rm /etc/sudoers.d/pw');
    const none = await provision(rig, 'rehearse', book, '-u', 'pw');
    expect(none.code).to.equal(3);
    expect(faultsOf(none)).to.contain('sudo asks for a password');
  });

  it('refuses a host that allows no mounts or no overlay, and says why', async () => {
    await root(
      'lb-01',
      `mkdir -p /run/systemd/system/ssh.service.d
       printf '[Service]\\nCapabilityBoundingSet=~CAP_SYS_ADMIN\\n' >/run/systemd/system/ssh.service.d/rights.conf
       systemctl daemon-reload; systemctl restart ssh`,
    );
    const book = project.playbook('refused', {
      imports: { file: 'provision/tasks/file' },
      tasks: `file({ path: '/etc/motd', content: 'refused\\n' })`,
    });
    const result = await provision(rig, 'rehearse', book);
    expect(result.code).to.equal(1);
    expect(faultsOf(result)).to.contain('no rehearsal is possible on lb-01').and.contain('CAP_SYS_ADMIN');
    await rig.reset('lb-01');
    // The rig's hosts stand on an overlay themselves, and no kernel writes one overlay into another.
    const stacked = await provision(rig, 'rehearse', book, '--scratch', '/var/tmp');
    expect(stacked.code).to.equal(1);
    expect(faultsOf(stacked)).to.contain('its kernel does not lay an overlay over /');
    expect(await root('lb-01', 'ls -A /var/tmp | grep rehearsal || echo none')).to.equal('none');
  });
});
