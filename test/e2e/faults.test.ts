import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { packageRoot } from '../../src/util/packageRoot.js';
import type { Rig } from '../rig/rig.js';
import { bareRig } from '../rig/sharedRig.js';
import { makeProject, type Project } from './support/project.js';
import { faultsOf, provision, provisionText } from './support/provision.js';
import { until } from './support/until.js';

describe('faults on real hosts', function () {
  this.timeout(180_000);
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

  const root = async (host: string, command: string) => {
    const result = await rig.ssh(host, command, { root: true });
    expect(result.code, `${command}: ${result.stderr}`).to.equal(0);
    return result.stdout.trim();
  };
  const command = (name: string, run: string) =>
    project.playbook(name, {
      imports: { command: 'provision/tasks/command' },
      tasks: `command({ name: '${name}', run: ${JSON.stringify(run)}, always: true })`,
    });
  const motd = () =>
    project.playbook('motd', {
      imports: { file: 'provision/tasks/file' },
      tasks: `file({ path: '/etc/motd', content: 'hello ' + host.name + '\\n' })`,
    });

  it('runs a playbook from a folder without node_modules', async () => {
    const result = await provision(rig, motd());
    expect(result.code, faultsOf(result)).to.equal(0);
    expect(await root('lb-01', 'cat /etc/motd')).to.equal('hello lb-01');
  });

  it('tells apart a refused port, an unknown host key and a key that is not accepted: exit 3', async () => {
    const port = await provision(rig, motd(), '-e', 'ansible_port=9');
    expect([port.code, port.stdout]).to.satisfy(
      ([code, text]: [number, string]) => code === 3 && /refused/.test(text),
      faultsOf(port),
    );
    const key = await provision(rig, motd(), '-e', 'ansible_ssh_known_hosts_file=/dev/null');
    expect(key.code).to.equal(3);
    expect(faultsOf(key))
      .to.match(/SHA256:/)
      .and.contain('--accept-new-host-keys');
    const user = await provision(rig, motd(), '-u', 'nobody');
    expect(user.code).to.equal(3);
  });

  it('says what to do when sudo wants a password, takes a right one, and refuses a wrong one', async () => {
    await root(
      'lb-01',
      `id pw >/dev/null 2>&1 || useradd -m -s /bin/sh pw; echo pw:right-one | chpasswd; echo 'pw ALL=(ALL) ALL' > /etc/sudoers.d/pw;
       install -d -m 700 -o pw ~pw/.ssh; install -m 600 -o pw ~deploy/.ssh/authorized_keys ~pw/.ssh/`,
    );
    const none = await provision(rig, motd(), '-u', 'pw');
    expect([none.code, faultsOf(none)].join(' ')).to.match(/^3 [^]*-K/);
    const wrong = await provision(rig, motd(), '-u', 'pw', '-e', 'ansible_become_password=wrong-one');
    expect([wrong.code, faultsOf(wrong)].join(' ')).to.match(/^3 [^]*sudo refused the password/);
    expect(`${wrong.stdout}${wrong.stderr}`).to.not.contain('wrong-one');
    const right = await provision(rig, motd(), '-u', 'pw', '-e', 'ansible_become_password=right-one');
    expect(right.code, faultsOf(right)).to.equal(0);
  });

  it('logs in with a password, and says so when it is wrong', async () => {
    await root(
      'lb-01',
      `id word >/dev/null 2>&1 || useradd -m -s /bin/sh word; echo word:right-one | chpasswd; echo 'word ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/word`,
    );
    const right = await provision(rig, motd(), '-u', 'word', '-e', 'ansible_password=right-one');
    expect(right.code, faultsOf(right)).to.equal(0);
    const wrong = await provision(rig, motd(), '-u', 'word', '-e', 'ansible_password=wrong-one');
    expect(wrong.code).to.equal(3);
    expect(`${wrong.stdout}${wrong.stderr}`).to.contain('password').and.not.contain('wrong-one');
  });

  it('names a package that does not exist', async () => {
    const book = project.playbook('packages', {
      imports: { packages: 'provision/tasks/packages' },
      tasks: `packages({ name: 'no-such-thing' })`,
    });
    const result = await provision(rig, book);
    expect(result.code).to.equal(1);
    expect(faultsOf(result)).to.contain('no-such-thing');
  });

  it('leaves the old file whole, and nothing else, on a full disk', async () => {
    await root(
      'lb-01',
      'mkdir -p /mnt/full; mountpoint -q /mnt/full || mount -t tmpfs -o size=64k tmpfs /mnt/full; echo old > /mnt/full/f',
    );
    const book = project.playbook('full', {
      imports: { file: 'provision/tasks/file' },
      tasks: `file({ path: '/mnt/full/f', content: 'x'.repeat(200000) })`,
    });
    const result = await provision(rig, book);
    expect(result.code).to.equal(1);
    expect(faultsOf(result)).to.contain('No space left on device').and.contain('df -h');
    expect(await root('lb-01', 'ls -A /mnt/full; cat /mnt/full/f')).to.equal('f\nold');
  });

  it('validates a set of files as a whole before any of them is live', async () => {
    await root('web-01', 'mkdir -p /etc/set; echo old > /etc/set/a; echo gone > /etc/set/c');
    const set = (wanted: string) =>
      project.playbook('set', {
        hosts: 'web',
        imports: { configFiles: 'provision/tasks/configFiles' },
        tasks: `configFiles({ name: 'set', files: [
          { path: '/etc/set/a', content: 'new\\n' }, { path: '/etc/set/b', link: 'a' }, { path: '/etc/set/c', state: 'absent' },
        ], validate: 'test "$(cat /etc/set/b)" = ${wanted} && ! test -e /etc/set/c' })`,
      });
    const before = await root('web-01', 'ls -la --time-style=full-iso /etc/set; cat /etc/set/a');
    const refused = await provision(rig, '--limit', 'web-01', set('other'));
    expect(refused.code).to.equal(1);
    expect(await root('web-01', 'ls -la --time-style=full-iso /etc/set; cat /etc/set/a')).to.equal(before);
    const accepted = await provision(rig, '--limit', 'web-01', set('new'));
    expect(accepted.code, faultsOf(accepted)).to.equal(0);
    expect(await root('web-01', 'cat /etc/set/b; ls /etc/set')).to.equal('new\na\nb');
  });

  it('refuses a second run on a host while one is at work there, but dry-runs', async () => {
    await root('lb-01', 'rm -f /run/go /run/begun');
    const slow = provision(rig, command('slow', 'touch /run/begun; while [ ! -e /run/go ]; do sleep 0.1; done'));
    await until(async () => (await rig.ssh('lb-01', 'test -e /run/begun')).code === 0);
    const second = await provision(rig, command('second', 'true'));
    expect(second.code).to.equal(1);
    expect(faultsOf(second)).to.contain('another run is changing lb-01').and.contain('since');
    expect((await provision(rig, motd(), '--check')).code).to.equal(0);
    await root('lb-01', 'touch /run/go');
    expect((await slow).code).to.equal(0);
    expect((await provision(rig, command('third', 'true'))).code).to.equal(0);
  });

  it('goes on where it was when its connection is killed, and runs the step once', async () => {
    await root('lb-01', 'rm -f /run/go /run/begun /run/count');
    const slow = provision(
      rig,
      command('lost', 'echo x >> /run/count; while [ ! -e /run/go ]; do sleep 0.1; done; echo done >> /run/count'),
    );
    await until(async () => (await rig.ssh('lb-01', 'test -e /run/count')).code === 0);
    // The login's own sshd processes, not the listener; the job is in a session of its own.
    await rig.ssh('lb-01', "pkill -KILL -f 'sshd: deploy'", { root: true });
    await root('lb-01', 'touch /run/go');
    const result = await slow;
    expect(result.code, faultsOf(result)).to.equal(0);
    expect(await root('lb-01', 'cat /run/count')).to.equal('x\ndone');
  });

  it('ends what runs on the host at Ctrl-C, says what was not done, and exits with 130', async () => {
    await root('lb-01', 'rm -f /run/begun');
    const child = spawn(
      process.execPath,
      [
        `${packageRoot()}/dist/cli/main.cjs`,
        '-i',
        rig.inventoryFile,
        '--output',
        'plain',
        command('interrupt', 'touch /run/begun; exec sleep 987'),
      ],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await until(async () => (await rig.ssh('lb-01', 'test -e /run/begun')).code === 0);
    child.kill('SIGINT');
    expect(await ended, said).to.equal(130);
    expect((await rig.ssh('lb-01', 'pgrep -f "[s]leep 987"')).code).to.equal(1);
  });

  it('leaves no file of its own behind on the hosts', async () => {
    expect(
      await root('lb-01', 'find /run/provision -mindepth 1 -not -name lock -not -path "*/loaded*" -not -name jobs'),
    ).to.equal('');
    expect(await root('lb-01', 'find /etc /tmp /var/tmp -name "*provision*" -newer /etc/hostname')).to.equal('');
  });

  it('answers ping, facts and exec', async () => {
    const ping = await provisionText(rig, 'ping', 'web');
    expect(ping.code, ping.stderr).to.equal(0);
    expect(ping.stdout).to.contain('web-01').and.contain('web-02').and.not.contain('lb-01');
    const facts = await provisionText(rig, 'facts', 'web-01');
    expect(facts.stdout).to.contain('bookworm');
    const exec = await provisionText(rig, 'exec', 'all', '--', 'id -un');
    expect(exec.code, exec.stderr).to.equal(0);
    expect(exec.stdout.match(/root/g)).to.have.length(3);
  });
});
