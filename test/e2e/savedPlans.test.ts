import { expect } from 'chai';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rig } from '../rig/rig.js';
import { bareRig } from '../rig/sharedRig.js';
import { makeProject, type Project } from './support/project.js';
import { faultsOf, provision, provisionText, runCli, tasksThat } from './support/provision.js';

describe('saved plans and drift on real hosts', function () {
  this.timeout(180_000);
  let rig: Rig;
  let project: Project;
  let file: string;

  before('start bare hosts', async function () {
    this.timeout(0);
    rig = await bareRig('mariadb');
    project = makeProject();
    file = join(project.folder, 'saved.plan');
  });
  after(() => {
    project.remove();
  });

  const root = async (host: string, command: string) => {
    const result = await rig.ssh(host, command, { root: true });
    expect(result.code, `${command}: ${result.stderr}`).to.equal(0);
    return result.stdout.trim();
  };
  const ALL = `
    file({ path: '/etc/agent.conf', content: 'level=' + level + '\\n' }),
    file({ path: '/etc/agent.secret', content: new Secret('nobody may read this'), mode: '0600' }),`;
  const EXTRA = `
    user({ name: 'agent', system: true, createHome: false }),
    directory({ path: '/var/lib/agent', owner: 'agent' }),
    systemdUnit({ name: 'agent', content: '[Service]\\nUser=agent\\nExecStart=/bin/sleep infinity\\n[Install]\\nWantedBy=multi-user.target\\n' }),
    service({ name: 'agent', state: 'running', enabled: true, restartWhen: ['/etc/agent.conf'] }),`;
  const book = (level: number, tasks: string) =>
    project.playbook('agent', {
      hosts: 'web',
      imports: {
        file: 'provision/tasks/file',
        directory: 'provision/tasks/directory',
        user: 'provision/tasks/user',
        service: 'provision/tasks/service',
        systemdUnit: 'provision/tasks/systemdUnit',
        Secret: 'provision/secret',
      },
      tasks: tasks.replace('level +', `${level} +`),
    });
  const plan = (...args: readonly string[]) => provision(rig, 'plan', ...args, '-o', file);
  const apply = (...args: readonly string[]) => provision(rig, 'apply', ...args, file);
  async function converged(playbook: string) {
    const result = await provision(rig, playbook);
    expect(result.code, faultsOf(result)).to.equal(0);
    return result;
  }

  it('applies what was saved, and nothing of a secret stands in the file', async () => {
    const playbook = book(1, ALL + EXTRA);
    const planned = await plan(playbook);
    expect(planned.code, faultsOf(planned)).to.equal(0);
    expect(readFileSync(file, 'utf8')).to.not.contain('nobody may read');
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    const applied = await apply('--report', 'parity');
    expect(applied.code, `${faultsOf(applied)}${applied.stdout.slice(-2000)}`).to.equal(0);
    expect([...tasksThat(applied, 'changed')].sort()).to.deep.equal([...tasksThat(planned, 'changed')].sort());
    expect(await root('web-01', 'cat /etc/agent.conf; systemctl is-active agent')).to.equal('level=1\nactive');
  });

  it('shows a plan as its dry run did, in every form, without a host', async () => {
    const planned = await plan(book(2, ALL + EXTRA));
    const shown = await runCli('show', file, '--output', 'json');
    expect(shown.code, shown.stderr).to.equal(0);
    const told = (stdout: string) =>
      stdout
        .split('\n')
        .filter((line) => line.includes('"type":"task"'))
        .map(withoutTime);
    expect(told(shown.stdout).length).to.be.greaterThan(8);
    expect(told(shown.stdout)).to.deep.equal(told(planned.stdout));
    expect((await runCli('show', file)).stdout).to.match(
      /would change +file \/etc\/agent.conf[^]*\+level=2[^]*to change on 2 hosts/,
    );
  });

  it('refuses a host whose file was edited by hand since, with exit 5 and without a write there', async () => {
    await plan(book(2, ALL + EXTRA));
    await root('web-01', 'echo by hand >> /etc/agent.conf');
    const before = await rig.fingerprint('web-01');
    const refused = await apply();
    expect(refused.code).to.equal(5);
    expect(faultsOf(refused)).to.contain('file(/etc/agent.conf)');
    expect(await rig.fingerprint('web-01')).to.deep.equal(before);
    expect(await root('web-02', 'cat /etc/agent.conf')).to.equal('level=2');
  });

  it('refuses a plan for changed code, for another inventory, and one that was edited', async () => {
    await plan(book(3, ALL + EXTRA));
    book(4, ALL + EXTRA);
    const code = await apply();
    expect([code.code, code.stderr].join(' ')).to.match(/^5 [^]*have changed since the plan was made/);
    book(3, ALL + EXTRA);
    const inventory = await apply('-e', 'ansible_port=2222');
    expect([inventory.code, inventory.stderr].join(' ')).to.match(/^5 [^]*other hosts, addresses, groups or variables/);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('level=3', 'level=5'));
    const edited = await apply();
    expect([edited.code, edited.stderr].join(' ')).to.match(/^5 [^]*changed after it was written/);
  });

  it('writes no plan where a host cannot be planned', async () => {
    rmSync(file, { force: true });
    const planned = await plan(book(1, `${ALL} service({ name: 'agent', state: 'running', reloadWhen: ['/etc'] })`));
    expect(planned.code).to.equal(1);
    expect(existsSync(file)).to.equal(false);
  });

  it('tells what was changed by hand from what the code changed', async () => {
    await converged(book(1, ALL + EXTRA));
    expect((await provisionText(rig, 'drift', book(1, ALL + EXTRA))).stdout).to.match(/^no drift on 3 hosts/);
    await root('web-01', 'echo by hand >> /etc/agent.conf');
    const byHand = await provisionText(rig, 'drift', book(1, ALL + EXTRA));
    expect(byHand.stdout).to.match(/^web-01 +changed by hand +file \/etc\/agent.conf/);
    const both = await provisionText(rig, 'drift', book(2, ALL + EXTRA), '--detailed-exitcode');
    expect(both.code).to.equal(2);
    expect(both.stdout)
      .to.match(/^web-01 +changed by hand, and the code changed +file \/etc\/agent.conf/)
      .and.match(/^web-02 +the code changed +file \/etc\/agent.conf/m);
    expect(await root('web-01', 'tail -n 1 /etc/agent.conf')).to.equal('by hand');
  });

  it('lists what nothing names any more, and removes exactly that', async () => {
    await converged(book(1, ALL + EXTRA));
    await root('web-01', 'echo kept > /var/lib/agent/data');
    await converged(book(1, ALL));
    const drift = await provisionText(rig, 'drift', book(1, ALL));
    for (const orphan of ['user:agent', 'path:/var/lib/agent', 'unit:agent.service', 'path:/etc/systemd/system/agent.service']) {
      expect(drift.stdout).to.match(new RegExp(`^web-0[12] +orphan +${orphan.replaceAll('.', '\\.')}, made by`, 'm'));
    }
    const pruned = await provisionText(rig, 'drift', book(1, ALL), '--prune', '--yes');
    expect(pruned.code, pruned.stdout + pruned.stderr).to.equal(0);
    expect(
      await root('web-02', 'ls /etc/systemd/system/agent.service /var/lib/agent 2>/dev/null; id agent 2>/dev/null; true'),
    ).to.equal('');
    expect(await root('web-01', 'cat /var/lib/agent/data')).to.equal('kept');
    expect(await root('web-01', 'cat /etc/agent.conf')).to.equal('level=1');
    expect((await provisionText(rig, 'drift', book(1, ALL))).stdout).to.match(/^no drift/);
  });
});

function withoutTime(line: string): string {
  return line.replace(/"time":"[^"]*"/, '');
}
