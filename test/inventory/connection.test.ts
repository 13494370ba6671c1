import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { connectionOf, connectionsOf } from '../../src/inventory/connection.js';
import { loadInventory } from '../../src/inventory/load.js';
import type { InventoryHost } from '../../src/model/inventory.js';
import { Secret, reveal } from '../../src/util/secret.js';
import { faultTexts, faultsOf, folderWith, removeFolders } from './helpers.js';

async function hostsOf(folder: string): Promise<readonly InventoryHost[]> {
  return (await loadInventory(join(folder, 'hosts.yml'))).hosts;
}

async function hostWith(
  vars: string,
  files: Readonly<Record<string, string>> = {},
): Promise<{ host: InventoryHost; folder: string }> {
  const folder = folderWith({ 'hosts.yml': 'all: {hosts: {web-01: }}', 'host_vars/web-01/main.yml': vars, ...files });
  const [host] = await hostsOf(folder);
  if (host === undefined) throw new Error('no host');
  return { host, folder };
}

describe('inventory/connection', () => {
  after(removeFolders);

  it('reaches a host of which nothing is said by its name', async () => {
    const { host } = await hostWith('');
    expect(connectionOf(host)).to.deep.include({
      type: 'ssh',
      address: 'web-01',
      port: undefined,
      user: undefined,
      password: undefined,
    });
  });

  it('reads what the inventory says', async () => {
    const { host } = await hostWith(
      'ansible_host: 10.0.0.5\nansible_port: "2222"\nansible_user: deploy\nansible_password: login words\nansible_become_pass: root words\nansible_connect_timeout: 5\nansible_connection: smart\n',
    );
    const connection = connectionOf(host);
    expect(connection).to.deep.include({
      type: 'ssh',
      address: '10.0.0.5',
      port: 2222,
      user: 'deploy',
      connectTimeoutSeconds: 5,
    });
    expect(connection.password && reveal(connection.password)).to.equal('login words');
    expect(connection.becomePassword && reveal(connection.becomePassword)).to.equal('root words');
    expect(JSON.stringify(connection)).to.not.include('words');
  });

  it('lets the command line win', async () => {
    const { host } = await hostWith(
      'ansible_user: deploy\nansible_ssh_private_key_file: /keys/a\nansible_password: x1\nansible_become_password: x2\n',
    );
    const connection = connectionOf(host, {
      user: 'me',
      privateKeyFile: 'keys/mine',
      password: new Secret('p'),
      becomePassword: new Secret('q'),
    });
    expect(connection).to.deep.include({ user: 'me', privateKeyFile: join(process.cwd(), 'keys/mine') });
    expect([connection.password, connection.becomePassword].map((secret) => secret && reveal(secret))).to.deep.equal(['p', 'q']);
  });

  it('finds key files in the home folder, beside the inventory, and else in the working folder', async () => {
    const key = async (path: string) => {
      const { host, folder } = await hostWith(`ansible_ssh_private_key_file: ${path}\nansible_ssh_known_hosts_file: ${path}\n`, {
        'keys/there': '',
      });
      const { privateKeyFile, knownHostsFile } = connectionOf(host);
      expect(knownHostsFile).to.equal(privateKeyFile);
      return privateKeyFile?.replace(folder, 'FOLDER');
    };
    expect(await key('~/.ssh/id')).to.equal(join(homedir(), '.ssh/id'));
    expect(await key('keys/there')).to.equal('FOLDER/keys/there');
    expect(await key('package.json')).to.equal(join(process.cwd(), 'package.json'));
    // One that is nowhere is named as the inventory means it.
    expect(await key('keys/elsewhere')).to.equal('FOLDER/keys/elsewhere');
    expect(await key('/etc/key')).to.equal('/etc/key');
  });

  it('ignores what Ansible needs and this tool does not', async () => {
    const { host } = await hostWith(
      'ansible_python_interpreter: /usr/bin/python3\nansible_become: true\nansible_become_method: sudo\nansible_become_user: root\n',
    );
    expect(connectionOf(host).address).to.equal('web-01');
  });

  const WRONG: Readonly<Record<string, string>> = {
    'ansible_prot: 22': 'there is no "ansible_prot" here — did you mean "ansible_port"?',
    'ansible_winrm_transport: x': 'there is no "ansible_winrm_transport" here',
    'ansible_port: ssh': '"ansible_port": expected a number, found "ssh"',
    'ansible_port: 70000': '"ansible_port": expected a port, 1 to 65535, found 70000',
    'ansible_port: true': '"ansible_port": expected a number, found true',
    'ansible_host: 5': '"ansible_host": expected a text, found 5',
    'ansible_connection: winrm': '"ansible_connection": expected ssh or local, found "winrm"',
    'ansible_password: 12345678': '"ansible_password": expected a text; put a password of digits in quotes',
    'ansible_become_method: su': '"ansible_become_method: su" has no meaning here',
    'ansible_become: no': '"ansible_become: false" has no meaning here',
    'ansible_ssh_common_args: -o StrictHostKeyChecking=no':
      '"ansible_ssh_common_args: -o StrictHostKeyChecking=no" has no meaning here',
    'ansible_group_priority: 5': '"ansible_group_priority" has no meaning here',
    'ansible_connect_timeout: 0': '"ansible_connect_timeout": expected seconds, more than 0, found 0',
  };
  for (const [text, fault] of Object.entries(WRONG)) {
    it(`refuses ${text}, at its place and with advice`, async () => {
      const { host, folder } = await hostWith(`# first\n${text}\n`);
      expect(await faultTexts(folder, () => connectionOf(host))).to.deep.equal([`host_vars/web-01/main.yml:2:1 ${fault}`]);
    });
  }

  it('says what to do instead', async () => {
    const { host } = await hostWith('ansible_become_method: su\nansible_ssh_extra_args: -J bastion\n');
    const hints = (await faultsOf(() => connectionOf(host))).map((error) => error.hint);
    expect(hints[0]).to.equal('only sudo is there to become root');
    expect(hints[1]).to.include('~/.ssh/config');
  });

  it('refuses two names of one setting, and a secret for what is shown', async () => {
    const { host, folder } = await hostWith('ansible_host: a\nansible_ssh_host: b\nansible_user: !env HOME\n');
    expect(await faultTexts(folder, () => connectionOf(host))).to.deep.equal([
      'host_vars/web-01/main.yml:2:1 "ansible_ssh_host" and "ansible_host" mean the same, and the host web-01 has both',
      'host_vars/web-01/main.yml:3:1 "ansible_user" is a secret, and it shows on the screen',
    ]);
  });

  it('tells a fault of several hosts once', async () => {
    const folder = folderWith({ 'hosts.yml': 'all:\n  hosts:\n    web-[01:20]:\n  vars:\n    ansible_prot: 1\n' });
    const hosts = await hostsOf(folder);
    expect(await faultTexts(folder, () => connectionsOf(hosts))).to.deep.equal([
      'hosts.yml:5:5 there is no "ansible_prot" here — did you mean "ansible_port"?',
    ]);
  });

  it('gives the connections of all hosts by name', async () => {
    const folder = folderWith({ 'hosts.yml': 'all:\n  hosts:\n    web-[01:02]:2200\n' });
    const connections = connectionsOf(await hostsOf(folder));
    expect([...connections].map(([name, { address, port }]) => [name, address, port])).to.deep.equal([
      ['web-01', 'web-01', 2200],
      ['web-02', 'web-02', 2200],
    ]);
  });
});
