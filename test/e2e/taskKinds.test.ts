import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../../src/model/event.js';
import { compareParity } from '../../src/report/parity.js';
import type { Rig } from '../rig/rig.js';
import { bareRig } from '../rig/sharedRig.js';
import { makeProject, type Project } from './support/project.js';
import { faultsOf, provision, tasksThat } from './support/provision.js';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDtest ada@example.org';
const HASH = `$6$salt$${'x'.repeat(86)}`;
const KINDS = ['archive', 'authorizedKey', 'blockInFile', 'certificate', 'command', 'configFiles', 'directory', 'git', 'group'];
const OTHERS = ['lineInFile', 'link', 'packages', 'tree', 'user'];

/** A playbook of one play on web-01. */
function playbookOf(tasks: string): string {
  return `
import { z } from 'zod';
import { playbook } from 'provision/playbook';
import { Secret } from 'provision/secret';
import { secret } from 'provision/vars';
${[...KINDS, ...OTHERS].map((kind) => `import { ${kind} } from 'provision/tasks/${kind}';`).join('\n')}
export default playbook({
  vars: z.looseObject({ ca_certificate: z.string(), ca_key: secret(), bad: z.boolean().default(false) }),
  groups: ['web'],
  plays: [{ name: 'kinds', hosts: 'web', tasks: ({ host, vars }) => [${tasks}] }],
});`;
}

/** A task of each kind that deals with files and accounts, on what earlier ones make. */
const BUILD = playbookOf(`
  packages({ names: ['git', 'openssl', 'nginx'] }),
  group({ name: 'ops', gid: 2100 }),
  user({ name: 'ada', uid: 2001, groups: ['ops'], password: new Secret('${HASH}') }),
  user({ name: 'app', system: true, home: '/srv/app' }),
  authorizedKey({ user: 'ada', key: '${KEY}', exclusive: true }),
  directory({ path: '/srv/app/releases', owner: 'app', group: 'app', mode: '0750', parents: true }),
  link({ path: '/srv/app/current', target: 'releases/1' }),
  tree({ src: 'site', path: '/srv/site', owner: 'app', group: 'app', delete: true }),
  archive({ src: 'site.tar.gz', path: '/srv/app/releases/1', stripComponents: 1, owner: 'app', group: 'app' }),
  command({
    name: 'make a repository',
    run: 'git init -q -b main /srv/repo; cd /srv/repo; echo 1 >f; git add f; git -c user.name=a -c user.email=a@b commit -qm 1',
    creates: '/srv/repo',
  }),
  git({ repo: '/srv/repo', path: '/srv/app/copy', version: 'main', force: true }),
  directory({ path: '/etc/tls' }),
  certificate({
    path: '/etc/tls/server.pem', keyPath: '/etc/tls/server.key', caPath: '/etc/tls/ca.pem',
    caCertificate: vars.ca_certificate, caKey: vars.ca_key, commonName: host.name, sans: [host.name, host.address], group: 'ops',
  }),
  configFiles({
    name: 'nginx', validate: 'nginx -t',
    files: [
      { path: '/etc/nginx/sites-available/a', content: vars.bad ? 'bogus;' : 'server { listen 8081; }' },
      { path: '/etc/nginx/sites-enabled/a', link: '../sites-available/a' },
      { path: '/etc/nginx/sites-enabled/default', state: 'absent' },
    ],
  }),
  lineInFile({ path: '/etc/ssh/sshd_config', match: '^#?X11Forwarding ', line: 'X11Forwarding no', validate: 'sshd -t -f %s' }),
  blockInFile({ path: '/etc/hosts', block: '10.1.2.3 elsewhere' }),
  command({ name: 'input', run: 'cat >/root/out', stdin: new Secret('given'), unless: 'test -s /root/out', touches: ['path:/root/out'] }),
`);

const REMOVE = playbookOf(`
  authorizedKey({ user: 'ada', key: '${KEY}', state: 'absent' }),
  user({ name: 'ada', state: 'absent', removeHome: true }),
  user({ name: 'app', comment: 'App', home: '/srv/other', createHome: true, shell: '/bin/bash', groups: ['www-data'] }),
  group({ name: 'ops', state: 'absent' }),
  link({ path: '/srv/app/current', state: 'absent' }),
  directory({ path: '/srv/app', state: 'absent' }),
  lineInFile({ path: '/etc/ssh/sshd_config', match: '^X11Forwarding', state: 'absent' }),
  blockInFile({ path: '/etc/hosts', state: 'absent' }),
  command({ name: 'remove', argv: ['rm', '/root/out'], removes: '/root/out' }),
`);

/** What somebody did by hand, a line a task that mends it. */
const DRIFT = `set -e
groupmod -g 2222 ops
usermod -G '' ada
echo >/home/ada/.ssh/authorized_keys
chmod 0700 /srv/app/releases
ln -sfn /tmp /srv/app/current
rm -r /srv/site/bin; ln -s /tmp /srv/site/bin; echo drift >/srv/site/.dot; touch /srv/site/extra
rm /srv/app/releases/1/.provision-archive
echo 2 >/srv/app/copy/f
rm /etc/tls/server.key
rm /etc/nginx/sites-enabled/a
sed -i 's/^X11Forwarding no/X11Forwarding yes/' /etc/ssh/sshd_config
sed -i s/10.1.2.3/10.9.9.9/ /etc/hosts
: >/root/out`;

/** What a dry run did not announce as it came. */
function untruths(dry: readonly RunEvent[], done: readonly RunEvent[]): readonly unknown[] {
  const { spuriousErrors, unannounced, missing, different } = compareParity(dry, done);
  return [...spuriousErrors, ...unannounced, ...missing, ...different];
}

describe('tasks for files and accounts on a real host', function () {
  this.timeout(180_000);
  let rig: Rig;
  let project: Project;
  let build: string;
  let announced: readonly RunEvent[] = [];

  before('start a bare host', async function () {
    this.timeout(0);
    rig = await bareRig('mariadb');
    project = makeProject();
    project.write('files/site/.dot', 'x');
    chmodSync(project.write('files/site/bin/run', '#!/bin/sh\n'), 0o755);
    symlinkSync('bin/run', join(project.folder, 'files/site/link'));
    execFileSync('tar', ['-czf', 'site.tar.gz', 'site'], { cwd: join(project.folder, 'files') });
    build = project.write('playbooks/build.ts', BUILD);
  });
  after(() => {
    project.remove();
  });

  const root = async (command: string) => {
    const result = await rig.ssh('web-01', command, { root: true });
    expect(result.code, `${command}: ${result.stderr}`).to.equal(0);
    return result.stdout.trim();
  };
  const run = (...args: readonly string[]) => provision(rig, ...args, '--limit', 'web-01');

  it('tells on a bare host what would be done, and changes nothing', async () => {
    const bare = await rig.fingerprint('web-01');
    const result = await run(build, '--check', '--diff');
    expect(result.code, faultsOf(result)).to.equal(0);
    expect(tasksThat(result, 'changed', 'unknown')).to.have.length(17);
    expect(await rig.fingerprint('web-01')).to.deep.equal(bare);
    announced = result.events;
  });

  it('does it all, and has nothing to do after that', async () => {
    const first = await run(build);
    expect(first.code, faultsOf(first)).to.equal(0);
    expect(untruths(announced, first.events)).to.deep.equal([]);
    expect(tasksThat(first, 'changed')).to.have.length(17);
    expect(first.stdout).not.to.contain(HASH).and.not.contain('PRIVATE KEY');
    const second = await run(build);
    expect(tasksThat(second, 'changed'), faultsOf(second)).to.deep.equal([]);
    expect(await root('id ada')).to.equal('uid=2001(ada) gid=2001(ada) groups=2001(ada),2100(ops)');
    expect(await root('getent shadow ada | cut -d: -f2')).to.equal(HASH);
    expect(await root('stat -c "%U %a" /home/ada/.ssh /home/ada/.ssh/authorized_keys')).to.equal('ada 700\nada 600');
    expect(await root('stat -c "%U:%G %a %N" /srv/site/bin/run /srv/site/link /srv/app/releases/1/bin/run')).to.equal(
      `app:app 755 '/srv/site/bin/run'\napp:app 777 '/srv/site/link' -> 'bin/run'\napp:app 755 '/srv/app/releases/1/bin/run'`,
    );
    expect(await root('openssl verify -CAfile /etc/tls/ca.pem -verify_hostname web-01 /etc/tls/server.pem')).to.contain('OK');
    expect(await root('cat /root/out')).to.equal('given');
  });

  it('refuses a bad configuration and leaves the good one', async () => {
    const before = await rig.fingerprint('web-01');
    const result = await run(build, '-e', '{"bad": true}');
    expect(result.code).to.equal(1);
    expect(faultsOf(result)).to.contain('unknown directive');
    const after = await rig.fingerprint('web-01');
    for (const path of Object.keys(after).filter((one) => one.startsWith('/etc/nginx'))) {
      expect(after[path], path).to.equal(before[path]);
    }
  });

  it('mends what somebody changed by hand, with no task more than it takes', async () => {
    await root(DRIFT);
    const dry = await run(build, '--check');
    const result = await run(build);
    expect(result.code, faultsOf(result)).to.equal(0);
    expect(untruths(dry.events, result.events)).to.deep.equal([]);
    // A guard may ask anything, so anything that changes decides about it.
    expect(tasksThat(dry, 'unknown')).to.deep.equal(['web-01: command input']);
    expect(tasksThat(result, 'changed')).to.deep.equal(
      [
        'group ops',
        'user ada',
        'authorizedKey ada: all keys',
        'directory /srv/app/releases',
        'link /srv/app/current',
        'tree /srv/site',
        'archive /srv/app/releases/1',
        'git /srv/app/copy',
        'certificate /etc/tls/server.pem',
        'configFiles nginx',
        'lineInFile /etc/ssh/sshd_config: X11Forwarding no',
        'blockInFile /etc/hosts',
        'command input',
      ].map((id) => `web-01: ${id}`),
    );
    expect(await root('ls -A /srv/site; cat /srv/app/copy/f; ls /tmp/run 2>&1 || true')).to.match(/^\.dot\nbin\nlink\n1\n/);
  });

  it('removes what is not wanted', async () => {
    const remove = project.write('playbooks/remove.ts', REMOVE);
    const first = await run(remove);
    expect(first.code, faultsOf(first)).to.equal(0);
    expect(tasksThat(first, 'changed')).to.have.length(9);
    expect(tasksThat(await run(remove), 'changed')).to.deep.equal([]);
    expect(
      await root('getent passwd app | cut -d: -f5-; id -nG app; ls -d /home/ada /srv/app 2>&1 | grep -c "No such"'),
    ).to.equal('App:/srv/other:/bin/bash\napp www-data\n2');
  });
});
